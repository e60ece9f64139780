// check_dashboards WORK FOLDER: the dashboards of the folder against the schema of the SDK's types, the
// rules of dashboard-linter and our own. First it plants faults: each of them must be found.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, exit } from 'node:process';

import { lintFaults, parserOf } from './lint.mjs';
import { schemaFaults, validators } from './schema.mjs';

const [work, folder] = argv.slice(2);
if (!existsSync(join(work, 'installed-lock.json'))) {
  console.log("skipped: npm's packages are not installed");
  exit(77);
}
const checks = validators(work);
const parser = parserOf(work);

const panelsOf = (dashboard) => dashboard.panels.flatMap((panel) => (panel.type === 'row' ? panel.panels : [panel]));

function faultsOf(dashboard) {
  const panels = panelsOf(dashboard);
  return [...schemaFaults(checks, dashboard, panels), ...lintFaults(parser, dashboard, panels)];
}

const lines = (dashboard) => panelsOf(dashboard).find((panel) => panel.type === 'timeseries' && panel.title.endsWith(': drops'));
const planted = {
  'a wrong name in the dashboard': (d) => { d.graphTootip = 1; },
  'a wrong name in a panel': (d) => { lines(d).fieldConfig.defaults.unti = 'pps'; },
  'a wrong name of a style': (d) => { lines(d).fieldConfig.defaults.custom.fillOpacty = 1; },
  'a style that there is not': (d) => { lines(d).fieldConfig.defaults.custom.drawStyle = 'bar'; },
  'a wrong name in a query': (d) => { lines(d).targets[0].exprr = 'x'; },
  'a variable that is never asked again': (d) => { d.templating.list.at(-1).refresh = 7; },
  'a query that does not parse': (d) => { lines(d).targets[0].expr = 'sum(rate(x{job=~"$job", instance=~"$instance"}[$__rate_interval])'; },
  'a query of all hosts': (d) => { lines(d).targets[0].expr = 'rate(netstack_path_drops_total[$__rate_interval])'; },
  'a fixed window': (d) => { lines(d).targets[0].expr = lines(d).targets[0].expr.replace('$__rate_interval', '5m'); },
  'a counter without a rate': (d) => { lines(d).targets[0].expr = 'sum(netstack_path_drops_total{job=~"$job", instance=~"$instance"})'; },
  'drops in bytes': (d) => { lines(d).fieldConfig.defaults.unit = 'Bps'; },
  'a title of drops over something else': (d) => { lines(d).targets[0].expr = lines(d).targets[0].expr.replace('drops', 'packets'); },
  'a distribution of seconds in bytes': (d) => { panelsOf(d).find(({ title }) => title === 'napi: softirq wait').fieldConfig.defaults.unit = 'bytes'; },
  'a peak that a graph of a week would miss': (d) => {
    const [target] = panelsOf(d).find(({ title }) => title === 'tcp: unread, peak').targets;
    target.expr = target.expr.replace('max_over_time', 'last_over_time');
  },
  'a full send buffer in red': (d) => {
    for (const target of panelsOf(d).find(({ title }) => title === 'The path, stage by stage').targets) {
      target.expr = target.expr.replaceAll('path="receive"', 'path="transmit"');
    }
  },
  'a panel without words': (d) => { lines(d).description = ''; },
  'two panels of one number': (d) => { lines(d).id = d.panels[0].id; },
  'a dashboard that can be edited': (d) => { d.editable = true; },
  'a link in a menu': (d) => { d.links[0].placement = 'inControlsMenu'; },
};

let bad = 0;
const report = (text) => { bad += 1; console.log(text); };
const receive = readFileSync(join(folder, 'netstack-receive.json'), 'utf8');
for (const [what, plant] of Object.entries(planted)) {
  const dashboard = JSON.parse(receive);
  plant(dashboard);
  if (faultsOf(dashboard).length === 0) report(`not found: ${what}`);
}
let panels = 0;
for (const name of readdirSync(folder).filter((file) => /^netstack-.*\.json$/.test(file))) {
  const dashboard = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  panels += panelsOf(dashboard).length;
  for (const fault of faultsOf(dashboard)) report(`${name}: ${fault}`);
}
console.log(`${Object.keys(planted).length} planted faults, ${panels} panels, ${bad} findings`);
exit(bad > 0 || panels === 0 ? 1 : 0);
