// What surrounds the panels: variables, links, annotations, rows, and the repair of what the SDK
// writes (it hides links and annotations in a menu, and leaves panels without a number).
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';

import { query, SOURCE } from './panels.js';
import { device, host } from './queries.js';

type Panel = Builder<dashboard.Panel>;

// Panels with their width, in lines of 24; `height` is that of all.
export interface Row {
  number: number; // Panels are number * 100 + 1, + 2...: links to them stay.
  title: string;
  open: boolean;
  lines: { height: number; panels: [Panel, number][] }[];
}

export interface Frame {
  uid: string;
  title: string;
  description: string;
  withDevice: boolean;
  rows: Row[];
}

function variable(name: string, label: string, values: string, all: string) {
  return new dashboard.QueryVariableBuilder(name)
    .label(label)
    .datasource(SOURCE)
    .query(values)
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue(all)
    .current({ selected: true, text: 'All', value: '$__all' });
}

function annotation(name: string, color: string, expr: string, title: string, enable: boolean) {
  return new dashboard.AnnotationQueryBuilder()
    .name(name)
    .datasource(SOURCE)
    .enable(enable)
    .hide(false)
    .iconColor(color)
    .target(query({ expr }, 0).interval('1m'))
    .expr(expr)
    .step('1m')
    .titleFormat(title);
}

function annotations() {
  const change = (selector: string) => `changes(${selector}[$__rate_interval]) > 0`;
  return [
    annotation('Alerts', 'red', host('ALERTS', 'alertname=~"Netstack.*", alertstate="firing"'),
      '{{alertname}} {{instance}} {{path}} {{stage}}', true),
    annotation('Changed settings', 'blue', change(host('netstack_tunable')),
      '{{name}} {{field}} {{device}} {{instance}}', true),
    annotation('Link up or down', 'orange', change(host('netstack_link_carrier')),
      '{{device}} {{instance}}', false),
    annotation('Exporter restarted', 'purple',
      `changes(process_start_time_seconds{job=~"$job", instance=~"$instance"}[$__rate_interval]) > 0`,
      '{{instance}}', false),
  ];
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Fields = { [key: string]: Json };

function repaired(value: Json): Json {
  if (Array.isArray(value)) return value.map(repaired);
  if (value === null || typeof value !== 'object') return value;
  const dropped = new Set(['placement', 'auto', 'auto_min', 'auto_count', 'repeatDirection']);
  const keep = ([key, inner]: [string, Json]) => !dropped.has(key) || (key === 'placement' && inner !== 'inControlsMenu');
  return Object.fromEntries(Object.entries(value).filter(keep).map(([key, inner]) => [key, repaired(inner)]));
}

// Panels of a row from `top` on, and where the next row starts.
function placed(row: Row, top: number): { panels: Fields[]; bottom: number } {
  const panels: Fields[] = [];
  let y = top;
  for (const line of row.lines) {
    let x = 0;
    for (const [panel, width] of line.panels) {
      const built = JSON.parse(JSON.stringify(panel.build())) as Fields;
      const id = row.number * 100 + panels.length + 1;
      panels.push({ id, ...built, gridPos: { x, y, w: width, h: line.height } });
      x += width;
    }
    y += line.height;
  }
  return { panels, bottom: y };
}

function layout(rows: Row[]): Fields[] {
  const panels: Fields[] = [];
  let y = 0;
  for (const row of rows) {
    const { panels: inner, bottom } = placed(row, y + 1);
    const head = { id: row.number * 100, type: 'row', title: row.title, gridPos: { x: 0, y, w: 24, h: 1 } };
    if (row.open) {
      panels.push({ ...head, collapsed: false, panels: [] }, ...inner);
      y = bottom;
    } else {
      panels.push({ ...head, collapsed: true, panels: inner });
      y += 1;
    }
  }
  return panels;
}

export function dashboardJson(frame: Frame): string {
  const builder = new dashboard.DashboardBuilder(frame.title)
    .uid(frame.uid)
    .description(frame.description)
    .tags(['netstack'])
    .timezone('browser')
    .readonly()
    .refresh('30s')
    .time({ from: 'now-3h', to: 'now' })
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .link(
      new dashboard.DashboardLinkBuilder('Network stack')
        .type(dashboard.DashboardLinkType.Dashboards)
        .tags(['netstack'])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true),
    )
    .annotations(annotations())
    .withVariable(
      new dashboard.DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'),
    )
    .withVariable(variable('job', 'Job', 'label_values(netstack_build_info, job)', '.+'))
    .withVariable(
      variable('instance', 'Instance', 'label_values(netstack_build_info{job=~"$job"}, instance)', '.+'),
    );
  if (frame.withDevice) {
    const values = (label: string) => `label_values(${host('netstack_path_packets_total')}, ${label})`;
    builder
      .withVariable(variable('device', 'Device', values('device'), '.*'))
      .withVariable(variable('netns', 'Network namespace', values('netns'), '.*'));
  }
  const built = repaired(JSON.parse(JSON.stringify(builder.build())) as Json) as Fields;
  const panels = repaired(layout(frame.rows)) as Json;
  return `${JSON.stringify({ ...built, panels }, null, 1)}\n`;
}

export { device, host };
