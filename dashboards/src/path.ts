// A path as a ladder, then one row for each of its stages with the same four panels: how full it is,
// what it loses, what presses it, and the settings in charge; below them what eBPF adds.
import type { Declarations, Family, Stage } from './declarations.js';
import { DROPS, EXTRAS, PEAKS, WAITS, type Extra, type Need } from './between.js';
import { dashboardJson, type Row } from './frame.js';
import { bars, CALM_STEPS, columns, FILL_STEPS, lines, LOSS_STEPS } from './panels.js';
import { by, device, full, host, rate, worst, type Target } from './queries.js';
import { SPECS, type Spec } from './stages.js';
import { ofDrops, ofExpressions, ofPressure, runbook } from './words.js';

// A sum for each stage of the path, with the number that puts it in its order.
function ofStages(path: string, what: string, how = 'sum', labels = 'order, stage'): string {
  const order = host('netstack_stage_info', `path="${path}"`);
  return by(labels, `${what} * on (job, instance, path, stage) group_left (order) ${order}`, how);
}

// On the transmit path the peaks are those of send buffers, which a bulk sender keeps full: nothing is
// lost, and nothing waits but the sender. Where it fills queues below, those are red.
const PEAK_STEPS = { receive: FILL_STEPS, transmit: CALM_STEPS };

type PathName = keyof typeof PEAK_STEPS;

function ladder(path: PathName) {
  const drops = (more: string) =>
    ofStages(path, rate(device('netstack_path_drops_total', `path="${path}", ${more}`)));
  return columns({
    title: 'The path, stage by stage',
    description:
      `One line for each stage, in the order in which a packet meets them. Rates of all chosen hosts together, the fill of the fullest: now, and at its worst moment since the look-back, which eBPF sees (Peak${path === 'transmit' ? '; of send buffers, which bulk data fill: that is no trouble' : ''}). Wait: what one of a hundred exceeds, where it is measured (on request). Lost: no room, no memory or no time. Refused: damaged, or by a rule, or nobody listening. A stage without a number there has no counter; the last column counts the losses that a host cannot show.`,
    sort: '#',
    columns: [
      { name: 'All stages', hidden: true, expr: by('order, stage', host('netstack_stage_info', `path="${path}"`), 'max') },
      { name: '#', label: 'order', width: 45 },
      { name: 'Stage', label: 'stage', width: 105 },
      { name: 'Passed', unit: 'pps', width: 115, expr: ofStages(path, rate(device('netstack_path_packets_total', `path="${path}"`))) },
      { name: 'Lost', unit: 'pps', width: 105, cell: 'color', thresholds: LOSS_STEPS, expr: drops('class="loss"') },
      { name: 'Refused', unit: 'pps', width: 105, expr: drops('class=~"error|policy"') },
      { name: 'Pressure', unit: 'ops', width: 115, expr: ofStages(path, rate(device('netstack_path_pressure_total', `path="${path}"`))) },
      { name: 'Full', unit: 'percentunit', cell: 'gauge', thresholds: FILL_STEPS, width: 125, expr: ofStages(path, device('netstack_path_saturation_ratio', `path="${path}", resource!="tcp_memory_pressure"`), 'max') },
      { name: 'Peak', unit: 'percentunit', cell: 'gauge', thresholds: PEAK_STEPS[path], width: 125, expr: ofStages(path, worst(device('netstack_path_saturation_peak_ratio', `path="${path}"`)), 'max') },
      { name: 'Wait', unit: 's', width: 90, expr: `histogram_quantile(0.99, ${ofStages(path, rate(device('netstack_path_wait_seconds_bucket', `path="${path}"`)), 'sum', 'order, stage, le')}) >= 0` },
      { name: 'Blind', expr: ofStages(path, device('netstack_path_blind', `path="${path}"`)), width: 65 },
    ],
  });
}

function first(declarations: Declarations, stage: Stage, spec: Spec) {
  const words = ofExpressions(declarations, spec.depth.map((target) => target.expr));
  return lines({
    title: `${stage.stage}: ${spec.title}`,
    description: [spec.normal, words, runbook(stage)].join('\n\n'),
    unit: spec.unit,
    targets: spec.depth,
  });
}

function drops(stage: Stage) {
  const selector = device('netstack_path_drops_total', `path="${stage.path}", stage="${stage.stage}"`);
  return lines({
    title: `${stage.stage}: drops`,
    description: [ofDrops(stage), runbook(stage)].join('\n\n'),
    unit: 'pps',
    bars: true,
    targets: [{ expr: by('instance, class, cause, device', rate(selector)), legend: '{{class}} {{cause}} {{instance}} {{device}}' }],
  });
}

function pressure(declarations: Declarations, stage: Stage, spec: Spec) {
  const selector = device('netstack_path_pressure_total', `path="${stage.path}", stage="${stage.stage}"`);
  const ledger: Target = { expr: by('instance, cause, device', rate(selector)), legend: '{{cause}} {{instance}} {{device}}' };
  const own = ofExpressions(declarations, spec.pressure.map((target) => target.expr));
  return lines({
    title: `${stage.stage}: pressure`,
    description: ['Events with which nothing is lost yet.', ofPressure(stage), own, runbook(stage)].filter(Boolean).join('\n\n'),
    unit: 'ops',
    targets: [ledger, ...spec.pressure],
  });
}

function named(family: Family): string {
  const kept = ['instance', 'name', ...family.labels.filter((label) => ['device', 'queue', 'ip_version', 'parameter'].includes(label))];
  const value = family.type === 'info' ? '' : device(family.name);
  return by(kept.join(', '), `label_replace(${value}, "name", "${family.name}", "", "")`, 'max');
}

function settings(declarations: Declarations, stage: Stage) {
  const at = `path="${stage.path}", stage="${stage.stage}"`;
  const families = declarations.ofStage(stage, 'tunable').filter((family) => family.type !== 'info');
  const all = [
    by('instance, name, device, field, unit', device('netstack_tunable', at), 'max'),
    ...families.map(named),
  ];
  return columns({
    title: `${stage.stage}: settings`,
    description: [
      'The settings in charge of this stage, as they are in force now, in the unit in which they are typed. A change is a blue mark on all panels.',
      ofExpressions(declarations, all),
      runbook(stage),
    ].join('\n\n'),
    sort: 'Setting',
    columns: [
      { name: 'Setting', label: 'name', width: 200 },
      { name: 'Value', unit: 'none', expr: all.join(' or '), width: 95 },
      { name: 'Which', label: 'field', width: 70 },
      { name: 'Device', label: 'device', width: 70 },
      { name: 'Unit', label: 'unit', width: 100 },
      { name: 'Host', label: 'instance', width: 150 },
    ],
  });
}

function needing(declarations: Declarations, need: Need, runbooks: string[], spec: Omit<Extra, 'need' | 'width'> & { bars?: boolean }) {
  const words = ofExpressions(declarations, spec.targets.map((target) => target.expr));
  return lines({
    title: spec.title,
    description: [spec.normal, need.says, words, ...runbooks].join('\n\n'),
    unit: spec.unit,
    bars: spec.bars ?? false,
    noValue: need.short,
    targets: spec.targets,
  });
}

// Lines of panels, each as wide as a dashboard.
function extraLines(declarations: Declarations, stage: Stage): Row['lines'] {
  const made: Row['lines'] = [];
  let used = 24;
  for (const extra of EXTRAS[stage.path][stage.stage] ?? []) {
    if (used + extra.width > 24) {
      made.push({ height: 9, panels: [] });
      used = 0;
    }
    made.at(-1)?.panels.push([needing(declarations, extra.need, [runbook(stage)], extra), extra.width]);
    used += extra.width;
  }
  return made;
}

// Of the path as a whole: what eBPF sees, stage by stage.
function betweenScrapes(declarations: Declarations, path: PathName): Row['lines'][number] {
  const peaks = device('netstack_path_saturation_peak_ratio', `path="${path}"`);
  const waits = by('stage, le', rate(device('netstack_path_wait_seconds_bucket', `path="${path}"`)));
  return {
    height: 9,
    panels: [
      [needing(declarations, PEAKS, [], {
        title: 'Fullest between scrapes', unit: 'percentunit',
        normal: path === 'transmit'
          ? 'Depth over limit of the fullest send buffer at its worst moment. Near 1 is normal while bulk data run: the sender waits for the peer or the link, and nothing is lost.'
          : 'Depth over limit at the worst moment. Normal is below 0.7; a buffer that is full holds up its sender, a queue that is full loses.',
        targets: [{ expr: by('instance, stage, resource', worst(peaks), 'max'), legend: '{{stage}} {{resource}} {{instance}}' }, full(peaks)],
      }), 12],
      [needing(declarations, WAITS, [], {
        title: 'Waits by stage, p99', unit: 's', normal: 'What one of a hundred exceeds.',
        targets: [{ expr: `histogram_quantile(0.99, ${waits})`, legend: '{{stage}}' }],
      }), 12],
    ],
  };
}

// What the kernel itself says why it threw packets away.
function reasons(declarations: Declarations, path: 'receive' | 'transmit'): Row {
  const own = path === 'receive' ? 'received' : 'sent';
  const panel = (title: string, normal: string, expr: string, legend: string) =>
    needing(declarations, DROPS, [], { title, unit: 'pps', bars: true, normal, targets: [{ expr: `topk(10, ${expr})`, legend }] });
  return {
    number: 91,
    title: 'Drops by the kernel\'s own reason',
    open: false,
    lines: [{
      height: 9,
      panels: [
        [panel('Drops by reason', 'Of both paths and all network namespaces; the ten most frequent. What loses nothing is left out.',
          by('instance, stage, class, reason', rate(host('netstack_skb_drops_total', 'class!="benign"'))), '{{class}} {{reason}} {{stage}} {{instance}}'), 8],
        [panel(`Drops of ${own} packets by reason`, `Of this path and network namespace: the reasons that are not in a counter of the stages, or in one of both paths.`,
          by('instance, reason', rate(host(`netstack_skb_${own}_drops_total`))), '{{reason}} {{instance}}'), 8],
        [panel('Drops by device and reason', 'Of both paths. By default the reasons that are a part of rx_dropped, and those of XDP and tc; all with `--collector.drops.by-device`.',
          by('instance, device, class, reason', rate(device('netstack_skb_device_drops_total', 'class!="benign"'))), '{{class}} {{reason}} {{device}} {{instance}}'), 8],
      ],
    }],
  };
}

function stageRow(declarations: Declarations, stage: Stage): Row {
  const spec = SPECS[stage.path][stage.stage];
  if (!spec) throw new Error(`no panels for ${stage.path} ${stage.stage}`);
  const number = Number(stage.order);
  return {
    number,
    title: `${stage.order} ${stage.stage}: ${stage.title}`,
    open: number <= 2,
    lines: [
      {
        height: 9,
        panels: [
          [first(declarations, stage, spec), 6],
          [drops(stage), 6],
          [pressure(declarations, stage, spec), 6],
          [settings(declarations, stage), 6],
        ],
      },
      ...extraLines(declarations, stage),
    ],
  };
}

export function pathDashboard(declarations: Declarations, path: PathName): string {
  const stages = declarations.stages.filter((stage) => stage.path === path);
  const lost = bars({
    title: 'Lost now, by stage',
    description:
      'Packets a second for which there was no room, memory or time, of all chosen hosts together. Normal is 0.',
    unit: 'pps',
    targets: [
      {
        expr: ofStages(path, rate(device('netstack_path_drops_total', `path="${path}", class="loss"`))),
        legend: '{{order}} {{stage}}',
      },
    ],
  });
  return dashboardJson({
    uid: `netstack-${path}`,
    title: `Network stack / ${path === 'receive' ? 'Receive' : 'Transmit'} path`,
    description: `Where packets queue, wait and die on the ${path} path, in the order in which they meet the stages.`,
    withDevice: true,
    rows: [
      { number: 90, title: 'The path', open: true, lines: [{ height: 14, panels: [[ladder(path), 16], [lost, 8]] }, betweenScrapes(declarations, path)] },
      reasons(declarations, path),
      ...stages.map((stage) => stageRow(declarations, stage)),
    ],
  });
}
