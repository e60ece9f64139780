// Draws the panels of window.DRAWING (made by draw.mjs) with Grafana's own components. Not a Grafana
// server: variables, links, annotations and the folding of rows are not here.
import {
  applyFieldOverrides, booleanOverrideProcessor, createTheme, dateTime, displayNameOverrideProcessor,
  FieldConfigOptionsRegistry, getDisplayProcessor, getFieldDisplayValues, identityOverrideProcessor,
  numberOverrideProcessor, standardTransformers, standardTransformersRegistry, stringOverrideProcessor,
  ThemeContext, thresholdsOverrideProcessor, toDataFrame, transformDataFrame, unitOverrideProcessor,
} from '@grafana/data';
import { BarGauge, BigValue, GlobalStyles, PanelChrome, PanelContextProvider, Table, TimeSeries } from '@grafana/ui';
import React from 'react';
import { createRoot } from 'react-dom/client';
import { firstValueFrom } from 'rxjs';
import 'uplot/dist/uPlot.min.css';

const { dashboard, data, from, to } = window.DRAWING;
const theme = createTheme({ colors: { mode: 'dark' } });
const COLUMN = 66;
const LINE = 38;
const GAP = 8;

standardTransformersRegistry.setInit(() =>
  [standardTransformers.mergeTransformer, standardTransformers.organizeFieldsTransformer, standardTransformers.sortByTransformer,
    standardTransformers.orderFieldsTransformer, standardTransformers.renameFieldsTransformer, standardTransformers.filterFieldsByNameTransformer]
    .map((transformation) => ({ id: transformation.id, name: transformation.name, transformation, editor: () => null })),
);

const option = (id, process, path = id) => ({ id, path, name: id, process, shouldApply: () => true, settings: {}, editor: () => null, override: () => null, isCustom: path !== id });
const custom = (name) => ({ ...option(`custom.${name}`, identityOverrideProcessor, name), isCustom: true });
const registry = new FieldConfigOptionsRegistry(() => [
  option('unit', unitOverrideProcessor), option('min', numberOverrideProcessor), option('max', numberOverrideProcessor),
  option('decimals', numberOverrideProcessor), option('displayName', displayNameOverrideProcessor), option('noValue', stringOverrideProcessor),
  option('color', identityOverrideProcessor), option('thresholds', thresholdsOverrideProcessor), option('mappings', identityOverrideProcessor),
  option('links', identityOverrideProcessor), option('fieldMinMax', booleanOverrideProcessor),
  ...['lineStyle', 'fillOpacity', 'lineWidth', 'drawStyle', 'stacking', 'axisPlacement', 'showPoints', 'spanNulls', 'cellOptions', 'width', 'align', 'hidden', 'inspect', 'filterable', 'barAlignment', 'gradientMode', 'pointSize', 'lineInterpolation', 'hideFrom', 'scaleDistribution', 'thresholdsStyle', 'axisLabel', 'axisSoftMax', 'axisColorMode', 'insertNulls', 'axisBorderShow', 'axisCenteredZero'].map(custom),
]);

// What the panel plugins of Grafana set where a dashboard says nothing.
const LINES = { axisPlacement: 'auto', axisColorMode: 'text', barAlignment: 0, drawStyle: 'line', gradientMode: 'none', lineInterpolation: 'linear', pointSize: 5, scaleDistribution: { type: 'linear' }, hideFrom: { legend: false, tooltip: false, viz: false }, stacking: { mode: 'none', group: 'A' }, thresholdsStyle: { mode: 'off' }, lineStyle: { fill: 'solid' } };
const CELLS = { align: 'auto', cellOptions: { type: 'auto' }, inspect: false };

async function framesOf(panel) {
  const raw = data[panel.id].map((frame) => toDataFrame(frame));
  const transformed = panel.transformations ? await firstValueFrom(transformDataFrame(panel.transformations, raw)) : raw;
  const base = panel.type === 'timeseries' ? LINES : panel.type === 'table' ? CELLS : {};
  const fieldConfig = structuredClone(panel.fieldConfig);
  fieldConfig.defaults.custom = { ...base, ...fieldConfig.defaults.custom };
  return applyFieldOverrides({ data: transformed, fieldConfig, fieldConfigRegistry: registry, replaceVariables: (text) => text, theme, timeZone: 'utc' });
}

const Nothing = ({ text }) => <div style={{ display: 'flex', height: '100%', alignItems: 'center', justifyContent: 'center', color: theme.colors.text.secondary }}>{text}</div>;

function Lines({ panel, frames, width, height }) {
  const range = { from: dateTime(from), to: dateTime(to), raw: { from: dateTime(from), to: dateTime(to) } };
  return (
    <TimeSeries frames={frames} width={width} height={height} timeRange={range} timeZone="utc" legend={panel.options.legend}>
      {() => null}
    </TimeSeries>
  );
}

function values(panel, frames) {
  return getFieldDisplayValues({ data: frames, reduceOptions: panel.options.reduceOptions, fieldConfig: panel.fieldConfig, replaceVariables: (text) => text, theme, timeZone: 'utc', sparkline: panel.type === 'stat' });
}

function Bars({ panel, frames, width, height }) {
  const list = values(panel, frames);
  const each = Math.min(34, height / list.length - 4);
  return list.map((value, index) => (
    <BarGauge key={index} value={value.display} field={value.field} display={value.view?.getFieldDisplayProcessor(value.colIndex ?? 0) ?? getDisplayProcessor({ field: { config: value.field }, theme })} theme={theme} width={width} height={each} orientation={panel.options.orientation} displayMode={panel.options.displayMode} itemSpacing={4} lcdCellWidth={8} />
  ));
}

function Body({ panel, frames, width, height }) {
  const empty = frames.every((frame) => frame.length === 0);
  if (empty && panel.type !== 'stat') return <Nothing text={panel.type === 'table' ? 'No data' : (panel.fieldConfig.defaults.noValue ?? 'No data')} />;
  if (panel.type === 'timeseries') return <Lines {...{ panel, frames, width, height }} />;
  if (panel.type === 'table') return <Table data={frames[0]} width={width} height={height} cellHeight="sm" />;
  if (panel.type === 'bargauge') return <Bars {...{ panel, frames, width, height }} />;
  if (empty) return <Nothing text="n/a" />;
  const [value] = values(panel, frames);
  return <BigValue value={value.display} theme={theme} width={width} height={height} colorMode={panel.options.colorMode} graphMode={panel.options.graphMode} sparkline={value.sparkline} justifyMode="auto" textMode="value" />;
}

function Panel({ panel, frames, top }) {
  const { x, y, w, h } = panel.gridPos;
  const width = w * COLUMN - GAP;
  const height = h * LINE - GAP;
  return (
    <div style={{ position: 'absolute', left: x * COLUMN, top: top + y * LINE, width, height }}>
      <PanelChrome title={panel.title} description={panel.description} width={width} height={height}>
        {(innerWidth, innerHeight) => <Body panel={panel} frames={frames} width={innerWidth} height={innerHeight} />}
      </PanelChrome>
    </div>
  );
}

async function main() {
  const loaded = await Promise.all(dashboard.panels.map(async (panel) => ({ panel, frames: panel.type === 'row' ? [] : await framesOf(panel) })));
  const bottom = Math.max(...dashboard.panels.map((panel) => panel.gridPos.y + panel.gridPos.h));
  const page = (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <PanelContextProvider value={{ eventBus: { publish() {}, subscribe: () => ({ unsubscribe() {} }), getStream: () => ({ subscribe: () => ({ unsubscribe() {} }), pipe: () => ({ subscribe: () => ({ unsubscribe() {} }) }) }), removeAllListeners() {}, newScopedBus() { return this; } }, eventsScope: 'picture', sync: () => 0, canAddAnnotations: () => false }}>
        <div style={{ position: 'relative', width: 24 * COLUMN, height: bottom * LINE + 50, background: theme.colors.background.canvas, color: theme.colors.text.primary, fontFamily: theme.typography.fontFamily, fontSize: 14 }}>
          <h2 style={{ margin: 0, padding: '8px 4px', fontSize: 20, fontWeight: 500 }}>{dashboard.title}</h2>
          {loaded.map(({ panel, frames }) => panel.type === 'row'
            ? <div key={panel.id} style={{ position: 'absolute', top: 44 + panel.gridPos.y * LINE + 6, fontWeight: 500, padding: '0 4px' }}>{panel.collapsed ? '› ' : '⌄ '}{panel.title}</div>
            : <Panel key={panel.id} panel={panel} frames={frames} top={44} />)}
        </div>
      </PanelContextProvider>
    </ThemeContext.Provider>
  );
  createRoot(document.getElementById('root')).render(page);
  setTimeout(() => { document.title = 'drawn'; }, 1500);
}

main().catch((error) => { document.body.innerText = String(error.stack); document.title = 'drawn'; });
