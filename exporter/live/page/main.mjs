// Reads the metrics while somebody looks, and shows them.
import {parsePage} from "./exposition.mjs";
import {FAMILIES, History, verdict} from "./history.mjs";
import {showFindings} from "./findings.mjs";
import {Ladder} from "./ladder.mjs";
import {showSockets} from "./sockets.mjs";

const byId = (id) => document.getElementById(id);
const history = new History();
const ladders = {receive: new Ladder(byId("receive")), transmit: new Ladder(byId("transmit"))};
let paused = false;
let timer = null;
let reading = false;

function say(text, isLoss) {
  const place = byId("verdict");
  place.classList.toggle("loss", isLoss);
  // A screen reader speaks at every change: none, when there is none.
  if (place.textContent !== text) place.textContent = text;
}

// What the page can do without: a refusal is shown once and not asked for again.
const refused = new Set();

async function readMore(path, show) {
  if (refused.has(path)) return;
  const answer = await fetch(path, {cache: "no-store"});
  if (answer.ok) {
    show((await answer.json()).data, "");
  } else if (answer.status === 403 || answer.status === 404) {
    refused.add(path);
    show(null, answer.status === 403 ? (await answer.text()).trim() : "");
  }
}

async function read() {
  const answer = await fetch(document.body.dataset.metrics,
    {headers: {Accept: "text/plain; version=0.0.4"}, cache: "no-store"});
  if (!answer.ok) throw new Error(`${answer.status} ${(await answer.text()).trim()}`);
  const stages = history.add(parsePage(await answer.text(), FAMILIES), performance.now() / 1000);
  for (const [path, ladder] of Object.entries(ladders)) {
    ladder.show(stages.filter((stage) => stage.path === path));
  }
  const {text, loss} = verdict(stages);
  say(text, loss);
  await readMore("api/v1/findings", (report) => showFindings(byId("findings"), report));
  await readMore("api/v1/sockets",
    (data, reason) => showSockets(byId("sockets"), data, reason));
  byId("read").textContent = `read at ${new Date().toLocaleTimeString()}`;
}

async function refresh() {
  clearTimeout(timer);
  if (reading || paused || document.hidden) return;
  reading = true;
  try {
    await read();
  } catch (error) {
    say(`The exporter does not answer: ${error.message}`, true);
  } finally {
    reading = false;
    timer = setTimeout(refresh, Number(byId("interval").value) * 1000);
  }
}

byId("interval").addEventListener("change", refresh);
byId("pause").addEventListener("click", () => {
  paused = !paused;
  byId("pause").setAttribute("aria-pressed", String(paused));
  refresh();
});
document.addEventListener("visibilitychange", refresh);
refresh();
