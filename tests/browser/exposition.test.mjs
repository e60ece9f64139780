import assert from "node:assert/strict";
import {test} from "node:test";
import {parsePage} from "../../exporter/live/page/exposition.mjs";

const families = new Set(["a_total", "b"]);

test("reads samples of the families named and nothing else", () => {
  const text = '# HELP a_total x\n# TYPE a_total counter\na_total{device="eth0",cpu="1"} 5\n' +
    'a_total_other 1\nb 1.5\nc{x="y"} 2\n';
  assert.deepEqual(parsePage(text, families), [
    {name: "a_total", labels: {device: "eth0", cpu: "1"}, value: 5},
    {name: "b", labels: {}, value: 1.5},
  ]);
});

test("reads escapes, braces in values and the words for no number", () => {
  const text = 'a_total{x="a\\"b\\\\c\\nd}",y=""} +Inf\nb NaN\nb -Inf\n';
  assert.deepEqual(parsePage(text, families), [
    {name: "a_total", labels: {x: 'a"b\\c\nd}', y: ""}, value: Infinity},
    {name: "b", labels: {}, value: NaN},
    {name: "b", labels: {}, value: -Infinity},
  ]);
});

test("refuses a line that was cut", () => {
  assert.throws(() => parsePage('a_total{x="y', families), /open quote/);
  assert.throws(() => parsePage("a_total{x", families), /no label value/);
});
