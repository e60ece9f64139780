// What the page knows of each stage: made from the samples of one reading after the other.

export const FAMILIES = new Set([
  "netstack_stage_info",
  "netstack_path_packets_total",
  "netstack_path_drops_total",
  "netstack_path_pressure_total",
  "netstack_path_saturation_ratio",
  "netstack_path_saturation_peak_ratio",
  "netstack_path_blind",
  "netstack_tunable",
  "netstack_tunable_info",
]);

const KEPT = 60;  // Points of a sparkline.

const stageKey = (labels) => `${labels.path}/${labels.stage}`;

// Counters that fell have been reset: what they hold now was counted since.
const increase = (now, before) => (now >= before ? now - before : now);

function emptyStage(labels) {
  return {
    path: labels.path, slug: labels.stage, order: labels.order, title: labels.title,
    packets: null, losses: null, errors: null, policy: null, pressure: null,
    causes: [], pressures: [], saturations: [], blind: [], tunables: [],
  };
}

function addTo(stage, kind, total, rate) {
  const sum = stage[kind] ?? {total: 0, rate: null};
  sum.total += total;
  if (rate !== null) sum.rate = (sum.rate ?? 0) + rate;
  stage[kind] = sum;
}

const CLASSES = {loss: "losses", error: "errors", policy: "policy"};

// How a sample of each family adds to its stage. `rate` is null at the first reading.
const READERS = {
  netstack_path_packets_total: (stage, {value}, rate) => addTo(stage, "packets", value, rate),
  netstack_path_drops_total: (stage, {labels, value}, rate) => {
    addTo(stage, CLASSES[labels.class] ?? "losses", value, rate);
    stage.causes.push({...labels, total: value, rate});
  },
  netstack_path_pressure_total: (stage, {labels, value}, rate) => {
    addTo(stage, "pressure", value, rate);
    stage.pressures.push({...labels, total: value, rate});
  },
  netstack_path_saturation_ratio: (stage, {labels, value}) =>
    stage.saturations.push({...labels, ratio: value}),
  netstack_path_saturation_peak_ratio: (stage, {labels, value}) =>
    stage.saturations.push(
      {...labels, resource: `${labels.resource}, peak`, ratio: value, isPeak: true}),
  netstack_path_blind: (stage, {labels}) => stage.blind.push(labels),
  netstack_tunable: (stage, {labels, value}) => stage.tunables.push({...labels, value}),
  netstack_tunable_info: (stage, {labels}) => stage.tunables.push(labels),
};

export class History {
  #before = new Map();
  #at = null;
  #points = new Map();

  // Takes a reading made at `seconds`. Returns the stages in path order.
  add(samples, seconds) {
    const span = this.#at === null ? 0 : seconds - this.#at;
    const stages = new Map();
    for (const {name, labels} of samples) {
      if (name === "netstack_stage_info") stages.set(stageKey(labels), emptyStage(labels));
    }
    const now = new Map();
    for (const sample of samples) {
      const stage = stages.get(stageKey(sample.labels));
      if (stage === undefined || !(sample.name in READERS)) continue;
      READERS[sample.name](stage, sample, this.#rate(sample, span, now));
    }
    this.#before = now;
    this.#at = seconds;
    const ordered = [...stages.values()].sort(
      (a, b) => a.path.localeCompare(b.path) || a.order.localeCompare(b.order));
    for (const stage of ordered) this.#remember(stage);
    return ordered;
  }

  #rate(sample, span, now) {
    if (!sample.name.endsWith("_total")) return null;
    const key = `${sample.name} ${JSON.stringify(sample.labels)}`;
    now.set(key, sample.value);
    if (span <= 0) return null;
    // A series that was not there before counts from its first sight.
    return increase(sample.value, this.#before.get(key) ?? sample.value) / span;
  }

  #remember(stage) {
    const key = `${stage.path}/${stage.slug}`;
    const points = this.#points.get(key) ?? [];
    const [packets, losses] = [stage.packets?.rate ?? null, stage.losses?.rate ?? null];
    if (packets !== null || losses !== null) points.push({packets, losses});
    if (points.length > KEPT) points.shift();
    this.#points.set(key, points);
    stage.points = points;
    // A peak is over; the stage's details show it.
    stage.worst = stage.saturations.filter((one) => !one.isPeak).reduce(
      (worst, one) => (worst === null || one.ratio > worst.ratio ? one : worst), null);
  }
}

// The sentence at the top.
export function verdict(stages) {
  const losing = stages.filter((stage) => stage.losses?.rate > 0);
  if (losing.length > 0) {
    return {loss: true, text: "Losing packets now: " + losing.map((stage) =>
      `${stage.path} ${stage.slug} ${formatRate(stage.losses.rate)}`).join(", ")};
  }
  const full = stages.filter((stage) => stage.worst?.ratio >= 0.9);
  if (full.length > 0) {
    return {loss: false, text: "No loss now; nearly full: " + full.map((stage) =>
      `${stage.path} ${stage.slug} (${stage.worst.resource})`).join(", ")};
  }
  return {loss: false, text: "No loss now."};
}

const compact = new Intl.NumberFormat("en", {notation: "compact", maximumFractionDigits: 1});

export function formatNumber(value) {
  return Math.abs(value) < 10000 ? String(Math.round(value * 100) / 100) : compact.format(value);
}

export function formatRate(rate) {
  if (rate === null || rate === undefined) return "\u2013";
  return `${rate > 0 && rate < 0.1 ? "<0.1" : formatNumber(Math.round(rate * 10) / 10)}/s`;
}
