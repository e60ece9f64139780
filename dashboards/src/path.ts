// A path as a ladder, then one row for each of its stages with the same four panels: how full it is,
// what it loses, what presses it, and the settings in charge.
import type { Declarations, Family, Stage } from './declarations.js';
import { dashboardJson, type Row } from './frame.js';
import { bars, columns, FILL_STEPS, lines, LOSS_STEPS } from './panels.js';
import { by, device, host, rate, type Target } from './queries.js';
import { SPECS, type Spec } from './stages.js';
import { ofDrops, ofExpressions, ofPressure, runbook } from './words.js';

// A sum for each stage of the path, with the number that puts it in its order.
function ofStages(path: string, what: string, how = 'sum'): string {
  const order = host('netstack_stage_info', `path="${path}"`);
  return by('order, stage', `${what} * on (job, instance, path, stage) group_left (order) ${order}`, how);
}

function ladder(path: string) {
  const drops = (more: string) =>
    ofStages(path, rate(device('netstack_path_drops_total', `path="${path}", ${more}`)));
  return columns({
    title: 'The path, stage by stage',
    description:
      'One line for each stage, in the order in which a packet meets them. Rates of all chosen hosts together, the fill of the fullest. Lost: no room, no memory or no time. Refused: damaged, or by a rule, or nobody listening. A stage without a number there has no counter; the last column counts the losses that a host cannot show.',
    sort: '#',
    columns: [
      { name: 'All stages', hidden: true, expr: by('order, stage', host('netstack_stage_info', `path="${path}"`), 'max') },
      { name: '#', label: 'order', width: 45 },
      { name: 'Stage', label: 'stage', width: 110 },
      { name: 'Passed', unit: 'pps', expr: ofStages(path, rate(device('netstack_path_packets_total', `path="${path}"`))) },
      { name: 'Lost', unit: 'pps', cell: 'color', thresholds: LOSS_STEPS, expr: drops('class="loss"') },
      { name: 'Refused', unit: 'pps', expr: drops('class=~"error|policy"') },
      { name: 'Pressure', unit: 'ops', expr: ofStages(path, rate(device('netstack_path_pressure_total', `path="${path}"`))) },
      { name: 'Full', unit: 'percentunit', cell: 'gauge', thresholds: FILL_STEPS, width: 160, expr: ofStages(path, device('netstack_path_saturation_ratio', `path="${path}", resource!="tcp_memory_pressure"`), 'max') },
      { name: 'Blind', expr: ofStages(path, device('netstack_path_blind', `path="${path}"`)), width: 60 },
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
      { name: 'Setting', label: 'name', width: 210 },
      { name: 'Value', unit: 'none', expr: all.join(' or '), width: 85 },
      { name: 'Which', label: 'field', width: 70 },
      { name: 'Device', label: 'device', width: 70 },
      { name: 'Unit', label: 'unit', width: 100 },
      { name: 'Host', label: 'instance', width: 150 },
    ],
  });
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
    ],
  };
}

export function pathDashboard(declarations: Declarations, path: 'receive' | 'transmit'): string {
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
      { number: 90, title: 'The path', open: true, lines: [{ height: 14, panels: [[ladder(path), 16], [lost, 8]] }] },
      ...stages.map((stage) => stageRow(declarations, stage)),
    ],
  });
}
