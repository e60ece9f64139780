// One table per path, one row per stage; a stage opens to its causes, limits and settings.
import {formatNumber, formatRate} from "./history.mjs";

const SVG = "http://www.w3.org/2000/svg";
const COLUMNS = [
  ["name", "Stage"], ["passed wide", "Passed"], ["full", "Fullest queue"], ["lost", "Lost"],
  ["pressure wide", "Pressure"], ["trend wide", "Trend"],
];

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function polyline(values, highest, name) {
  const line = document.createElementNS(SVG, "polyline");
  const step = 100 / Math.max(values.length - 1, 1);
  line.setAttribute("class", name);
  line.setAttribute("points", values.map((value, index) =>
    `${(index * step).toFixed(1)},${(23 - 22 * ((value ?? 0) / highest)).toFixed(1)}`).join(" "));
  return line;
}

function sparkline(points) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 100 24");
  drawing.setAttribute("preserveAspectRatio", "none");
  drawing.setAttribute("aria-hidden", "true");
  if (points.length < 2) return drawing;
  for (const [field, name] of [["packets", "passed-line"], ["losses", "lost-line"]]) {
    const values = points.map((point) => point[field]);
    const highest = Math.max(...values.map((value) => value ?? 0));
    if (highest > 0) drawing.append(polyline(values, highest, name));
  }
  return drawing;
}

function counted(sum) {
  if (sum === null) return ["\u2013"];
  return [formatRate(sum.rate), element("span", {class: "total"}, `${formatNumber(sum.total)} in all`)];
}

function lost(stage) {
  if (stage.losses !== null) return counted(stage.losses);
  return [stage.blind.length > 0 ? "unknown" : "\u2013"];
}

function fullness(stage) {
  if (stage.worst === null) return ["\u2013"];
  const percent = `${formatNumber(Math.round(stage.worst.ratio * 1000) / 10)} %`;
  const meter = element("meter", {
    min: 0, max: 1, low: 0.7, high: 0.9, optimum: 0, value: Math.min(stage.worst.ratio, 1),
    "aria-label": `${stage.worst.resource}: ${percent} full`,
  });
  return [meter, ` ${percent}`];
}

const of = (labels) => (labels.device === undefined ? "" : ` (${labels.device})`);

function entry(list, term, ...texts) {
  if (texts.length === 0) return;
  list.append(element("dt", {}, term),
    element("dd", {}, ...texts.flatMap((text, index) => (index ? [element("br"), text] : [text]))));
}

function details(stage) {
  const list = element("dl");
  const count = (one, kind) =>
    `${kind}${one.cause}${of(one)}: ${formatRate(one.rate)}, ${formatNumber(one.total)} in all`;
  const moved = (one) => one.total > 0;
  entry(list, "Passed", ...(stage.packets ? [formatRate(stage.packets.rate)] : []));
  entry(list, "Dropped", ...stage.causes.filter(moved).map((one) => count(one, `${one.class}: `)));
  const still = stage.causes.filter((one) => !moved(one)).map((one) => one.cause + of(one));
  entry(list, "Never so far", ...(still.length ? [still.join(", ")] : []));
  entry(list, "Unknown", ...stage.blind.map((one) => `${one.cause ?? "losses"}${of(one)}: ${one.reason}`));
  entry(list, "Pressure", ...stage.pressures.filter(moved).map((one) => count(one, "")));
  entry(list, "Full", ...stage.saturations.map(
    (one) => `${one.resource}${of(one)}: ${formatNumber(Math.round(one.ratio * 1000) / 10)} %`));
  entry(list, "Settings", ...stage.tunables.map((one) =>
    `${one.name}${of(one)}${one.field === "current" || !one.field ? "" : " " + one.field} = ` +
    (one.value === undefined ? "" : typeof one.value === "number"
      ? `${one.value} ${one.unit}` : one.value)));
  return list;
}

// Keeps its rows from one reading to the next, so that focus and what is open stay.
export class Ladder {
  #table;
  #body;
  #rows = new Map();

  constructor(table) {
    this.#table = table;
    this.#body = element("tbody");
    const heads = COLUMNS.map(([name, title]) => element("th", {scope: "col", class: name}, title));
    this.#table.replaceChildren(element("thead", {}, element("tr", {}, ...heads)), this.#body);
  }

  show(stages) {
    for (const stage of stages) {
      const row = this.#rows.get(stage.slug) ?? this.#add(stage);
      row.stage = stage;
      const [, passed, full, gone, pressure, trend] = row.line.children;
      row.line.classList.toggle("loss", stage.losses?.rate > 0);
      passed.replaceChildren(...counted(stage.packets));
      full.replaceChildren(...fullness(stage));
      gone.replaceChildren(...lost(stage));
      pressure.replaceChildren(...counted(stage.pressure));
      trend.replaceChildren(sparkline(stage.points));
      if (!row.detail.hidden) row.detail.firstChild.replaceChildren(details(stage));
    }
  }

  #add(stage) {
    const id = `${stage.path}-${stage.slug}`;
    const button = element("button", {
      type: "button", class: "stage", "aria-expanded": "false", "aria-controls": `${id}-detail`,
      title: stage.title,
    }, stage.slug);
    const line = element("tr", {id},
      element("th", {scope: "row"}, button, element("span", {class: "total wide"}, stage.title)),
      ...COLUMNS.slice(1).map(([name]) => element("td", {class: name})));
    const detail = element("tr", {class: "detail", id: `${id}-detail`, hidden: ""},
      element("td", {colspan: COLUMNS.length}));
    const row = {line, detail, stage};
    button.addEventListener("click", () => {
      detail.hidden = !detail.hidden;
      button.setAttribute("aria-expanded", String(!detail.hidden));
      if (!detail.hidden) detail.firstChild.replaceChildren(details(row.stage));
    });
    this.#body.append(line, detail);
    this.#rows.set(stage.slug, row);
    return row;
  }
}
