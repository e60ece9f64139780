// The kinds of panels, each with the habits that all dashboards share.
import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';

import { LIMIT, type Target } from './queries.js';

export const SOURCE: common.DataSourceRef = { type: 'prometheus', uid: '${datasource}' };

const REF_IDS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
export function refId(index: number): string {
  const letter = REF_IDS[index % 26] as string;
  return index < 26 ? letter : (REF_IDS[Math.floor(index / 26) - 1] as string) + letter;
}

export function query(target: { expr: string; legend?: string }, index: number): DataqueryBuilder {
  const builder = new DataqueryBuilder().expr(target.expr).refId(refId(index)).datasource(SOURCE);
  return target.legend === undefined ? builder : builder.legendFormat(target.legend);
}

export function instant(expr: string, index: number): DataqueryBuilder {
  return query({ expr, legend: '' }, index).instant().format(PromQueryFormat.Table);
}

// Steps as [from, color]; the first is the base.
export function steps(...list: [number | null, string][]): dashboard.ThresholdsConfigBuilder {
  return new dashboard.ThresholdsConfigBuilder()
    .mode(dashboard.ThresholdsMode.Absolute)
    .steps(list.map(([value, color]) => ({ value, color })));
}

export const NEUTRAL = steps([null, 'text']);
// Any loss is worth a look; the alerts' floor is a packet a second.
export const LOSS = steps([null, 'green'], [0.001, 'orange'], [1, 'red']);
export const FILL = steps([null, 'green'], [0.7, 'orange'], [0.9, 'red']);

const DASHED = [
  { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 6] } },
  { id: 'custom.fillOpacity', value: 0 },
  { id: 'custom.stacking', value: { mode: 'none', group: 'A' } },
  { id: 'color', value: { mode: 'fixed', fixedColor: 'semi-dark-red' } },
];

// Losses are red, whatever else is drawn with them.
const CLASSES = { loss: 'red', error: 'yellow', policy: 'blue' };

export interface Lines {
  title: string;
  description: string;
  unit: string;
  targets: Target[];
  bars?: boolean;
  max?: number;
  noValue?: string; // Shown when no query has a result.
}

export function lines(spec: Lines): timeseries.PanelBuilder {
  const panel = new timeseries.PanelBuilder()
    .title(spec.title)
    .description(spec.description)
    .datasource(SOURCE)
    .unit(spec.unit)
    .min(0)
    .noValue(spec.noValue ?? 'n/a')
    .lineWidth(1)
    .fillOpacity(spec.bars ? 60 : 8)
    .showPoints(common.VisibilityMode.Never)
    .spanNulls(false)
    .thresholds(NEUTRAL)
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.PaletteClassic))
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.Table)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(['max'])
        .sortBy('Max') // What matters is on top, however many zeros there are.
        .sortDesc(true),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder()
        .mode(common.TooltipDisplayMode.Multi)
        .sort(common.SortOrder.Descending),
    )
    .targets(spec.targets.map(query));
  if (spec.bars) {
    panel
      .drawStyle(common.GraphDrawStyle.Bars)
      .stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group('A'));
  }
  if (spec.max !== undefined) panel.max(spec.max);
  // A line of zeros alone would have an axis up to 10000 %.
  if (spec.unit === 'percentunit') panel.axisSoftMax(0.1);
  // With a result, what has no number is not missing: it did not happen.
  if (spec.noValue !== undefined) panel.overrideByRegexp('/.*/', [{ id: 'noValue', value: 'n/a' }]);
  if (spec.targets.some((target) => target.limit)) panel.overrideByRegexp(`/^${LIMIT} /`, DASHED);
  for (const [name, fixedColor] of Object.entries(CLASSES)) {
    if (!spec.targets.some((target) => target.legend.startsWith('{{class}}'))) break;
    panel.overrideByRegexp(`/^${name} /`, [{ id: 'color', value: { mode: 'shades', fixedColor } }]);
  }
  spec.targets.forEach((target, index) => {
    if (target.unit === undefined) return;
    panel.overrideByQuery(refId(index), [
      { id: 'unit', value: target.unit },
      { id: 'custom.axisPlacement', value: 'right' },
      ...(target.unit === 'percentunit' ? [{ id: 'custom.axisSoftMax', value: 0.1 }] : []),
    ]);
  });
  return panel;
}

export interface Number {
  title: string;
  description: string;
  unit: string;
  expr: string;
  thresholds?: dashboard.ThresholdsConfigBuilder;
}

export function number(spec: Number): stat.PanelBuilder {
  return new stat.PanelBuilder()
    .title(spec.title)
    .description(spec.description)
    .datasource(SOURCE)
    .unit(spec.unit)
    .noValue('n/a')
    .colorMode(spec.thresholds ? common.BigValueColorMode.Background : common.BigValueColorMode.None)
    .graphMode(common.BigValueGraphMode.Area)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
    .thresholds(spec.thresholds ?? NEUTRAL)
    .withTarget(query({ expr: spec.expr, legend: spec.title }, 0));
}

export function bars(spec: Lines): bargauge.PanelBuilder {
  return new bargauge.PanelBuilder()
    .title(spec.title)
    .description(spec.description)
    .datasource(SOURCE)
    .unit(spec.unit)
    .min(0)
    .noValue('n/a')
    .orientation(common.VizOrientation.Horizontal)
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .thresholds(LOSS)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
    .targets(spec.targets.map((target, index) => query(target, index).instant()));
}

// A column of a table: one instant query, or a label of the first.
export interface Column {
  name: string; // As shown.
  expr?: string; // None: `label` of the other columns' results.
  label?: string;
  unit?: string;
  width?: number;
  hidden?: boolean; // Its result only makes lines.
  cell?: 'color' | 'gauge';
  thresholds?: { value: number | null; color: string }[];
  link?: string;
}

export interface Columns {
  title: string;
  description: string;
  columns: Column[];
  sort?: string;
}

export const LOSS_STEPS = [
  { value: null, color: 'transparent' },
  { value: 0.001, color: 'semi-dark-orange' },
  { value: 1, color: 'semi-dark-red' },
];
export const FILL_STEPS = [
  { value: null, color: 'green' },
  { value: 0.7, color: 'orange' },
  { value: 0.9, color: 'red' },
];

// Of what may be full without harm.
export const CALM_STEPS = [{ value: null, color: 'blue' }];

function properties(column: Column): dashboard.DynamicConfigValue[] {
  const list: dashboard.DynamicConfigValue[] = [];
  const add = (id: string, value: unknown) => list.push({ id, value });
  if (column.expr !== undefined) add('unit', column.unit ?? 'short');
  if (column.width) add('custom.width', column.width);
  if (column.cell === 'color') add('custom.cellOptions', { type: 'color-background', mode: 'basic' });
  if (column.cell === 'gauge') {
    add('custom.cellOptions', { type: 'gauge', mode: 'basic', valueDisplayMode: 'text' });
    add('min', 0);
    add('max', 1);
  }
  if (column.thresholds) add('thresholds', { mode: 'absolute', steps: column.thresholds });
  if (column.link) add('links', [{ title: `${column.name}`, url: column.link, targetBlank: false }]);
  return list;
}

// One line for each set of labels that the queries have in common.
export function columns(spec: Columns): table.PanelBuilder {
  const queries = spec.columns.filter((column) => column.expr !== undefined);
  // The merge of several results names each value after its query; that of one does not.
  const field = (column: Column) =>
    column.label ??
    (queries.length > 1 ? `Value #${refId(queries.indexOf(column))}` : 'Value');
  const panel = new table.PanelBuilder()
    .title(spec.title)
    .description(spec.description)
    .datasource(SOURCE)
    .unit('string') // A label that looks like a number, as a port, is none.
    .noValue('n/a')
    .thresholds(NEUTRAL)
    .targets(queries.map((column, index) => instant(column.expr as string, index)))
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: Object.fromEntries(
          ['Time', ...spec.columns.filter((column) => column.hidden).map(field)].map((name) => [name, true]),
        ),
        indexByName: Object.fromEntries(spec.columns.map((column, index) => [field(column), index])),
        renameByName: Object.fromEntries(spec.columns.map((column) => [field(column), column.name])),
      },
    });
  if (spec.sort) {
    panel.withTransformation({ id: 'sortBy', options: { fields: {}, sort: [{ field: spec.sort }] } });
  }
  for (const column of spec.columns) {
    const list = properties(column);
    if (list.length > 0) panel.overrideByName(column.name, list);
  }
  return panel;
}
