// The rules of Grafana's dashboard-linter, restated, and rules of our own about what panels mean.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const COUNTS = /_(?:drops|packets|datagrams)_total/;

export function parserOf(work) {
  const { parser } = createRequire(join(work, 'package.json'))('@prometheus-io/lezer-promql');
  return parser;
}

// As Grafana asks it; what is left of a variable is an error of its syntax.
function interpolated(expr) {
  return expr.replaceAll('$__rate_interval', '5m').replaceAll('$__interval', '1m').replaceAll(/\$(?:job|instance|device|netns)\b/g, '.+');
}

function nodes(tree) {
  const found = [];
  tree.iterate({ enter: (node) => { found.push({ name: node.name, from: node.from, to: node.to, node: node.node }); } });
  return found;
}

function* templateFaults(dashboard) {
  const variables = Object.fromEntries(dashboard.templating.list.map((variable) => [variable.name, variable]));
  if (variables.datasource?.type !== 'datasource' || variables.datasource.label !== 'Data source') yield 'template-datasource-rule';
  for (const name of ['job', 'instance']) {
    const variable = variables[name];
    if (variable?.type !== 'query' || !variable.multi || variable.allValue !== '.+' || variable.datasource.uid !== '${datasource}') {
      yield `template-${name}-rule`;
    }
  }
  for (const variable of dashboard.templating.list) {
    if (variable.type !== 'query') continue;
    if (variable.refresh !== 2) yield `template-on-time-change-reload-rule: ${variable.name}`;
    if (!/^label_values\(.+, \w+\)$/.test(variable.query)) yield `template-label-promql-rule: ${variable.name}`;
  }
  if (dashboard.editable !== false) yield 'uneditable-dashboard';
}

function* panelFaults(panel) {
  if (panel.datasource?.uid !== '${datasource}') yield 'panel-datasource-rule';
  if (!panel.title || !panel.description) yield 'panel-title-description-rule';
  if (!panel.fieldConfig?.defaults?.unit) yield 'panel-units-rule';
  if (!panel.targets?.length) yield 'panel-no-targets-rule';
}

// A counter sits in a rate; several steps up for a comparison, as in a table of totals, there is none.
function insideRate(node) {
  for (let up = node; up; up = up.parent) {
    if (up.name === 'FunctionCall') return true;
    if (up.name === 'AggregateExpr' || up.name === 'BinaryExpr') return false;
  }
  return false;
}

function* expressionFaults(parser, expr) {
  const text = interpolated(expr);
  const all = nodes(parser.parse(text));
  if (all.some((node) => node.name === '⚠')) {
    yield `target-promql-rule: ${expr}`;
    return;
  }
  for (const { name, from, to, node } of all) {
    if (name !== 'VectorSelector') continue;
    const selector = text.slice(from, to);
    for (const label of ['job', 'instance']) {
      if (!selector.includes(`${label}=~".+"`)) yield `target-${label}-rule: ${selector}`;
    }
    if (/^\w+_total\b/.test(selector) && !insideRate(node)) yield `target-counter-agg-rule: ${selector}`;
  }
  const rates = expr.match(/\bi?rate\(/g) ?? [];
  const windows = expr.match(/\[\$__rate_interval\]\)/g) ?? [];
  if (rates.length > windows.length) yield `target-rate-interval-rule: ${expr}`;
  if (/\[\d/.test(expr)) yield `a fixed range: ${expr}`;
}

// A full send buffer is normal of bulk data: nothing that shows one may be red or orange. The peaks of the
// transmit path are of send buffers only.
function* colourFaults(panel) {
  const renamed = panel.transformations?.find(({ id }) => id === 'organize')?.options.renameByName ?? {};
  for (const { refId, expr } of panel.targets) {
    if (!/netstack_socket_send_memory\w*_ratio|netstack_path_saturation_peak_ratio\{[^}]*path="transmit"/.test(expr)) continue;
    for (const { matcher, properties } of panel.fieldConfig.overrides) {
      if (matcher.options !== renamed[`Value #${refId}`]) continue;
      const steps = properties.find(({ id }) => id === 'thresholds')?.value.steps ?? [];
      if (steps.some(({ color }) => /red|orange/.test(color))) yield `a full send buffer is alarming: ${panel.title}`;
    }
  }
}

// What a number counts and the unit in which it is drawn agree.
function* meaningFaults(panel) {
  const unit = panel.fieldConfig.defaults.unit;
  const drawn = panel.targets.filter((target) => !hasOwnUnit(panel, target.refId));
  for (const { expr: whole } of panel.type === 'table' ? [] : drawn) {
    const [expr] = whole.split(' and '); // What follows chooses, and is not drawn.
    const ratio = expr.includes(' / ') || expr.startsWith('histogram_quantile');
    const is = (wanted, why) => (wanted.includes(unit) ? [] : [`${why} in ${unit}: ${expr}`]);
    if (/_ratio\b/.test(expr)) yield* is(['percentunit'], 'a ratio');
    if (ratio) continue;
    if (/rate\(.*_bytes_total/.test(expr)) yield* is(['Bps'], 'bytes a second');
    else if (/_bytes\b/.test(expr)) yield* is(['bytes'], 'bytes');
    else if (/rate\(/.test(expr) && COUNTS.test(expr)) yield* is(['pps', 'short'], 'packets a second');
    else if (/_seconds\b/.test(expr)) yield* is(['s', 'short'], 'seconds');
  }
  for (const { expr } of drawn.filter((target) => target.expr.startsWith('histogram_quantile'))) {
    const [, of] = /_(seconds|bytes|ratio)_bucket/.exec(expr) ?? [];
    const wanted = { seconds: 's', bytes: 'bytes', ratio: 'percentunit' }[of] ?? 'short';
    if (panel.type !== 'table' && unit !== wanted) yield `a distribution of ${of} in ${unit}: ${expr}`;
  }
  // A peak lasts for its look-back: where points are further apart, one between them would be missed.
  for (const { expr } of panel.targets) {
    for (const [peak, before] of expr.matchAll(/(.{0,40}?)\bnetstack_\w+_peak_\w+\{/g)) {
      if (!/(max_over_time|\bgroup( by \([\w, ]+\) )?)\($/.test(before)) yield `a peak without max_over_time: ${peak}`;
    }
  }
  yield* colourFaults(panel);
  if (/drops|lost/i.test(panel.title) && !drawn.some(({ expr }) => /drops_total/.test(expr))) yield 'a title of losses without a loss';
  for (const [title, last] of [['drops', 2], ['pressure', 3], ['settings', 4]]) {
    if (panel.title.endsWith(`: ${title}`) && panel.id % 100 !== last) yield `${title} is not column ${last}`;
  }
}

function hasOwnUnit(panel, refId) {
  return panel.fieldConfig.overrides.some(
    ({ matcher, properties }) =>
      matcher.id === 'byFrameRefID' && matcher.options === refId && properties.some(({ id }) => id === 'unit'),
  );
}

function* wholeFaults(dashboard, panels) {
  const ids = [...dashboard.panels, ...panels].map((panel) => panel.id);
  if (new Set(ids.filter(Boolean)).size !== new Set([...dashboard.panels, ...panels]).size) yield 'panels without a number of their own';
  if (dashboard.schemaVersion !== 42) yield 'not the last classic schema';
  for (const key of ['id', '__inputs', '__requires']) if (key in dashboard) yield `has ${key}`;
  if (JSON.stringify(dashboard).includes('inControlsMenu')) yield 'links or annotations are hidden';
  for (const panel of panels) {
    const refs = panel.targets?.map((target) => target.refId) ?? [];
    if (new Set(refs).size !== refs.length || refs.includes(undefined)) yield `panel ${panel.id}: queries without a letter`;
    if (panel.gridPos.x + panel.gridPos.w > 24) yield `panel ${panel.id} is over the edge`;
  }
  const rows = dashboard.panels.filter((panel) => panel.type === 'row' && /^\d\d /.test(panel.title));
  for (const row of rows) {
    const own = panels.filter((panel) => Math.floor(panel.id / 100) === row.id / 100);
    const first = own.filter((panel) => panel.gridPos.y === Math.min(...own.map(({ gridPos }) => gridPos.y)));
    if (first.length !== 4 || first.some((panel) => panel.gridPos.w !== 6)) yield `row ${row.title} has not its four panels`;
  }
}

export function lintFaults(parser, dashboard, panels) {
  const faults = [...templateFaults(dashboard), ...wholeFaults(dashboard, panels)];
  for (const annotation of dashboard.annotations.list) faults.push(...expressionFaults(parser, annotation.target.expr));
  for (const panel of panels) {
    const own = [...panelFaults(panel)];
    for (const target of panel.targets ?? []) own.push(...expressionFaults(parser, target.expr));
    if (own.length === 0) own.push(...meaningFaults(panel));
    faults.push(...own.map((fault) => `panel ${panel.id} ${panel.title}: ${fault}`));
  }
  return faults;
}
