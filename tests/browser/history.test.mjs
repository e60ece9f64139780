import assert from "node:assert/strict";
import {test} from "node:test";
import {History, formatRate, verdict} from "../../exporter/live/page/history.mjs";

const at = {path: "receive", stage: "datagram"};
const info = {name: "netstack_stage_info", labels: {...at, order: "12", title: "UDP"}, value: 1};
const drops = (value, cause = "full", kind = "loss") =>
  ({name: "netstack_path_drops_total", labels: {...at, class: kind, cause}, value});
const packets = (value) => ({name: "netstack_path_packets_total", labels: at, value});
const full = (ratio, resource) =>
  ({name: "netstack_path_saturation_ratio", labels: {...at, resource}, value: ratio});

test("the first reading has totals and no rates", () => {
  const [stage] = new History().add([info, drops(7), packets(9)], 100);
  assert.deepEqual(stage.losses, {total: 7, rate: null});
  assert.deepEqual(stage.packets, {total: 9, rate: null});
  assert.deepEqual(stage.points, []);
});

test("rates are increases over the time between two readings, classes apart", () => {
  const history = new History();
  history.add([info, drops(7), drops(1, "rule", "policy"), packets(10)], 100);
  const [stage] = history.add([info, drops(17), drops(5, "rule", "policy"), packets(30)], 102);
  assert.deepEqual(stage.losses, {total: 17, rate: 5});
  assert.deepEqual(stage.policy, {total: 5, rate: 2});
  assert.deepEqual(stage.points, [{packets: 10, losses: 5}]);
});

test("a counter that fell counts from zero, and a new one from its first sight", () => {
  const history = new History();
  history.add([info, drops(1000)], 0);
  const [stage] = history.add([info, drops(4), drops(500, "late")], 2);
  assert.equal(stage.losses.rate, 2);
});

test("the fullest queue of a stage is the one that is named", () => {
  const [stage] = new History().add([info, full(0.5, "memory"), full(1.2, "queue")], 0);
  assert.equal(stage.worst.resource, "queue");
});

test("a peak is not what is full now", () => {
  const peak = {name: "netstack_path_saturation_peak_ratio", labels: {...at, resource: "queue"},
    value: 1};
  const [stage] = new History().add([info, full(0.5, "queue"), peak], 0);
  assert.equal(stage.worst.ratio, 0.5);
  assert.equal(stage.saturations.length, 2);
});

test("stages come in path order", () => {
  const of = (path, stage, order) =>
    ({name: "netstack_stage_info", labels: {path, stage, order, title: ""}, value: 1});
  const stages = new History().add([of("transmit", "tcp", "02"), of("receive", "ip", "08"),
    of("receive", "ring", "02")], 0);
  assert.deepEqual(stages.map(({path, slug}) => `${path} ${slug}`),
    ["receive ring", "receive ip", "transmit tcp"]);
});

test("the verdict speaks of losses only, then of what is nearly full", () => {
  const history = new History();
  history.add([info, drops(0), drops(0, "rule", "policy"), full(0, "queue")], 0);
  const policy = history.add([info, drops(0), drops(9, "rule", "policy"), full(0.2, "queue")], 1);
  assert.deepEqual(verdict(policy), {loss: false, text: "No loss now."});
  const near = history.add([info, drops(0), drops(9, "rule", "policy"), full(0.95, "queue")], 2);
  assert.deepEqual(verdict(near),
    {loss: false, text: "No loss now; nearly full: receive datagram (queue)"});
  const losing = history.add([info, drops(3), drops(9, "rule", "policy"), full(0.95, "queue")], 3);
  assert.deepEqual(verdict(losing), {loss: true, text: "Losing packets now: receive datagram 3/s"});
});

test("a rate that is not nothing does not read as nothing", () => {
  assert.equal(formatRate(0.01), "<0.1/s");
  assert.equal(formatRate(0), "0/s");
  assert.equal(formatRate(null), "\u2013");
  assert.equal(formatRate(12345678), "12.3M/s");
});
