// draw PROMETHEUS DASHBOARD PICTURE [ROW...]: draws a dashboard with what Prometheus knows of the last ten
// minutes, using Grafana's own component library in Chromium (the variable CHROMIUM names another one).
// Rows given by their numbers are open, the others as they are. The packages: npm ci in this folder.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { argv, env } from 'node:process';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';
import { chromium } from 'playwright-core';

const here = dirname(fileURLToPath(import.meta.url));
const [prometheus, file, picture, ...opened] = argv.slice(2);
const to = Math.floor(Date.now() / 1000);
const from = to - Number(env.SECONDS_BACK ?? 600);
const STEP = 5;

function interpolated(expr) {
  return expr.replaceAll('$__rate_interval', '20s').replaceAll(/\$(?:job|instance)\b/g, '.+').replaceAll(/\$(?:device|netns)\b/g, '.*');
}

async function ask(path, parameters) {
  const answer = await (await fetch(`${prometheus}/api/v1/${path}?${new URLSearchParams(parameters)}`)).json();
  if (answer.status !== 'success') throw new Error(JSON.stringify(answer));
  return answer.data.result;
}

const legendOf = (format, metric) => (format ? format.replace(/\{\{(\w+)\}\}/g, (_, label) => metric[label] ?? '').trim() : JSON.stringify(metric));

async function lines({ expr, legendFormat, refId }) {
  const result = await ask('query_range', { query: interpolated(expr), start: from, end: to, step: STEP });
  return result.map(({ metric, values }) => ({
    refId,
    name: legendOf(legendFormat, metric),
    fields: [
      { name: 'Time', type: 'time', values: values.map(([time]) => time * 1000), config: {} },
      { name: 'Value', type: 'number', values: values.map(([, value]) => Number(value)), labels: metric, config: { displayNameFromDS: legendOf(legendFormat, metric) } },
    ],
  }));
}

async function table({ expr, refId }, several) {
  const result = await ask('query', { query: interpolated(expr), time: to });
  const labels = [...new Set(result.flatMap(({ metric }) => Object.keys(metric)))].sort();
  return {
    refId,
    fields: [
      { name: 'Time', type: 'time', values: result.map(() => to * 1000), config: {} },
      ...labels.map((name) => ({ name, type: 'string', values: result.map(({ metric }) => metric[name] ?? ''), config: {} })),
      { name: several ? `Value #${refId}` : 'Value', type: 'number', values: result.map(({ value }) => Number(value[1])), config: {} },
    ],
  };
}

// Rows that are to be open get their panels below them, and all that follows moves down.
function unfolded(panels) {
  const list = [];
  let shift = 0;
  for (const panel of panels) {
    const moved = (inner) => ({ ...inner, gridPos: { ...inner.gridPos, y: inner.gridPos.y + shift } });
    const open = panel.type === 'row' && panel.collapsed && opened.includes(String(panel.id / 100));
    list.push({ ...moved(panel), collapsed: panel.collapsed && !open });
    if (!open) continue;
    list.push(...panel.panels.map(moved));
    shift += Math.max(...panel.panels.map(({ gridPos }) => gridPos.y + gridPos.h)) - panel.gridPos.y - 1;
  }
  return list;
}

const dashboard = JSON.parse(readFileSync(file, 'utf8'));
dashboard.panels = unfolded(dashboard.panels);
const data = {};
for (const panel of dashboard.panels.filter(({ type }) => type !== 'row')) {
  const several = panel.targets.length > 1;
  const one = (target) => (target.format === 'table' ? table(target, several) : lines(target));
  data[panel.id] = (await Promise.all(panel.targets.map(one))).flat();
}

// What no panel of ours needs: an editor, and a library for servers.
const nothingFor = {
  name: 'nothing',
  setup(bundle) {
    bundle.onResolve({ filter: /^(monaco-editor|stream)(\/|$)/ }, ({ path }) => ({ path, namespace: 'nothing' }));
    bundle.onLoad({ filter: /./, namespace: 'nothing' }, () => ({ contents: 'module.exports = {};' }));
  },
};

const folder = mkdtempSync(join(tmpdir(), 'netstack-picture-'));
try {
  // Of the two builds of Grafana's packages only this one has a Table that works outside Grafana.
  await build({
    entryPoints: [join(here, 'page.jsx')], bundle: true, outfile: join(folder, 'page.js'), format: 'iife', logLevel: 'error',
    platform: 'browser', mainFields: ['browser', 'module', 'main'], jsx: 'transform', plugins: [nothingFor], define: { 'process.env.NODE_ENV': '"production"', global: 'window' },
    loader: { '.svg': 'dataurl', '.woff2': 'dataurl', '.woff': 'dataurl', '.ttf': 'dataurl' },
    alias: Object.fromEntries(['data', 'ui', 'schema', 'runtime'].map((name) => [`@grafana/${name}`, join(here, `node_modules/@grafana/${name}/dist/cjs/index.cjs`)])),
  });
  writeFileSync(join(folder, 'data.js'), `window.DRAWING = ${JSON.stringify({ dashboard, data, from: from * 1000, to: to * 1000 })};`);
  writeFileSync(join(folder, 'page.html'), '<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="page.css"><style>body{margin:0}*{box-sizing:border-box}</style><div id="root"></div><script src="data.js"></script><script src="page.js"></script>');
  const browser = await chromium.launch({ executablePath: env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
  const page = await browser.newPage({ viewport: { width: 1584, height: 900 } });
  page.on('pageerror', (error) => console.error(`page: ${error.message}`));
  await page.goto(`file://${folder}/page.html`);
  await page.waitForFunction(() => document.title === 'drawn', null, { timeout: 60000 });
  await page.screenshot({ path: picture, fullPage: true });
  await browser.close();
} finally {
  rmSync(folder, { recursive: true });
}
