// Which host, which stage, since when?
import type { Declarations, Stage } from './declarations.js';
import { PEAKS } from './between.js';
import { dashboardJson, type Row } from './frame.js';
import { columns, lines, LOSS, LOSS_STEPS, number, steps } from './panels.js';
import { by, full, host, rate, worst } from './queries.js';
import { ofExpressions } from './words.js';

function lossOf(stage: Stage): string {
  return rate(host('netstack_path_drops_total', `path="${stage.path}", stage="${stage.stage}", class="loss"`));
}

function lossOn(path: string): string {
  return rate(host('netstack_path_drops_total', `path="${path}", class="loss"`));
}

const ALERTS = host('ALERTS', 'alertname=~"Netstack.*", alertstate="firing"');
const PRUNED = rate(host('netstack_path_pressure_total', 'path="receive", stage="tcp", cause=~"prune|collapse|out_of_order_pruned"'));
const RETRANSMITTED = `sum(${rate(host('netstack_tcp_retrans_segs_total'))}) / sum(${rate(host('netstack_tcp_out_segs_total'))})`;

function numbers(declarations: Declarations) {
  const words = (expr: string) => ofExpressions(declarations, [expr]);
  const make = (title: string, unit: string, expr: string, description: string, thresholds?: ReturnType<typeof steps>) =>
    number({ title, unit, expr, description: `${description}\n\n${words(expr)}`, thresholds });
  return [
    make('Hosts', 'short', `count(${by('instance', host('netstack_build_info'))})`, 'Exporters that answer.'),
    make('Hosts that lose', 'short', `count(${by('instance', rate(host('netstack_path_drops_total', 'class="loss"')))} > 0) or vector(0)`, 'Hosts that lose packets anywhere. Normal is 0.', steps([null, 'green'], [1, 'orange'])),
    make('Lost, receive', 'pps', `sum(${lossOn('receive')})`, 'For want of room, memory or time. Normal is 0.', LOSS),
    make('Lost, transmit', 'pps', `sum(${lossOn('transmit')})`, 'For want of room, memory or time. Normal is 0.', LOSS),
    make('Pruned', 'ops', `sum(${PRUNED})`, 'Receive buffers that were over their limit. Normal is 0.', LOSS),
    make('Retransmitted', 'percentunit', RETRANSMITTED, 'Part of the TCP segments. Normal is below one of a hundred.', steps([null, 'green'], [0.02, 'orange'])),
    make('Alerts', 'short', `count(${ALERTS}) or vector(0)`, 'Alerts of ours that fire. Empty where the rules are not installed.', steps([null, 'green'], [1, 'orange'])),
  ];
}

function heatTable(declarations: Declarations) {
  const stages = declarations.stages.filter((stage) => stage.drops.some((drop) => drop.class === 'loss'));
  const link = (stage: Stage) =>
    `/d/netstack-${stage.path}?var-datasource=\${datasource}&var-instance=\${__data.fields["Host"]}&\${__url_time_range}`;
  return columns({
    title: 'Lost now, by host and stage',
    description:
      'Packets a second that are lost for want of room, memory or time, in the order of the paths: first those received, then those sent. Normal is 0 everywhere. An empty cell has no counter on that host. A click opens the path.',
    sort: 'Host',
    columns: [
      { name: 'All hosts', hidden: true, expr: by('instance', host('netstack_build_info'), 'max') },
      { name: 'Host', label: 'instance', width: 150 },
      ...stages.map((stage) => ({
        name: `${stage.path === 'receive' ? 'in' : 'out'} ${stage.stage}`,
        unit: 'pps',
        width: 116,
        cell: 'color' as const,
        thresholds: LOSS_STEPS,
        link: link(stage),
        expr: by('instance', lossOf(stage)),
      })),
    ],
  });
}

function firing() {
  return columns({
    title: 'Alerts that fire',
    description: 'From the rules in dashboards/alerts. docs/alerts.md says what each means.',
    sort: 'Host',
    columns: [
      { name: 'Host', label: 'instance' },
      { name: 'Alert', label: 'alertname' },
      { name: 'Severity', label: 'severity', width: 80 },
      { name: 'Path', label: 'path', width: 80 },
      { name: 'Stage', label: 'stage', width: 90 },
      { name: 'Device', label: 'device', width: 80 },
      { name: 'Port', label: 'port', width: 70 },
      { name: 'Count', hidden: true, expr: by('instance, alertname, severity, path, stage, device, port', ALERTS, 'count') },
    ],
  });
}

function overTime() {
  const perStage = (path: string) =>
    lines({
      title: `Lost over time, ${path}`,
      description: `Packets a second that are lost for want of room, memory or time on the ${path} path, by stage. Normal is 0.`,
      unit: 'pps',
      bars: true,
      targets: [{ expr: by('stage', lossOn(path)), legend: '{{stage}}' }],
    });
  const fullest = lines({
    title: 'Fullest stages',
    description: 'Depth over limit of the fullest member: a CPU, a queue, a listener. 1 is full; the dashed line.\n\nNormal is below 0.7.',
    unit: 'percentunit',
    targets: [
      {
        expr: `topk(8, ${by('instance, path, stage, resource', host('netstack_path_saturation_ratio', 'resource!="tcp_memory_pressure"'), 'max')})`,
        legend: '{{instance}} {{path}} {{stage}} {{resource}}',
      },
      { expr: 'vector(1)', legend: 'limit (full)', limit: true },
    ],
  });
  const peaks = host('netstack_path_saturation_peak_ratio', 'resource!="send_buffer"');
  const between = lines({
    title: 'Fullest between scrapes',
    description: `Depth over limit of the socket queues at their worst moment since the look-back, which a scrape misses. Normal is below 0.7; a TCP receive buffer that is full holds up its sender, an accept queue or a UDP buffer that is full loses. Send buffers are on the transmit path: bulk data fill them.\n\n${PEAKS.says}`,
    unit: 'percentunit',
    noValue: PEAKS.short,
    targets: [
      { expr: `topk(8, ${by('instance, path, stage, resource', worst(peaks), 'max')})`, legend: '{{instance}} {{path}} {{stage}} {{resource}}' },
      full(peaks),
    ],
  });
  return { receive: perStage('receive'), transmit: perStage('transmit'), fullest, between };
}

function exporter(declarations: Declarations): Row {
  const make = (title: string, unit: string, expr: string, legend: string, more = '') =>
    lines({
      title, unit, targets: [{ expr, legend }],
      description: [more, ofExpressions(declarations, [expr])].filter(Boolean).join('\n\n'),
    });
  return {
    number: 4,
    title: 'The exporter itself',
    open: false,
    lines: [
      {
        height: 8,
        panels: [
          [make('Collectors that fail', 'short', `${by('instance, collector, state', host('netstack_scrape_collector_state', 'state!~"ok|absent"'))}`, '{{collector}} {{state}} {{instance}}', 'Normal is nothing at all.'), 8],
          [make('Time of a collector', 's', `topk(10, ${by('instance, collector', host('netstack_scrape_collector_duration_seconds'))})`, '{{collector}} {{instance}}'), 8],
          [make('CPU time', 'percentunit', by('instance', rate(host('process_cpu_seconds_total'))), '{{instance}}'), 8],
        ],
      },
      {
        height: 8,
        panels: [
          [make('Collectors with something to show', 'short', by('instance', host('netstack_scrape_collector_success')), '{{instance}}', 'All of them, or there is an alert.'), 6],
          [make('Memory', 'bytes', by('instance', host('process_resident_memory_bytes')), '{{instance}}'), 6],
          [make('Series cut off', 'short', by('instance, collector', rate(host('netstack_scrape_series_suppressed_total'))), '{{collector}} {{instance}}', 'Normal is 0: the limit max-series of a collector is reached.'), 6],
          [make('Answers', 'reqps', by('instance, code', rate(host('netstack_http_responses_total'))), '{{code}} {{instance}}'), 6],
        ],
      },
      {
        height: 7,
        panels: [
          [columns({
            title: 'Versions and sight',
            description: `The version of each exporter, and whether it sees the network of the host: 0 is that of a container only.\n\n${ofExpressions(declarations, [host('netstack_build_info'), host('netstack_host_network_visible'), host('netstack_config_last_reload_successful')])}`,
            sort: 'Host',
            columns: [
              { name: 'Host', label: 'instance' },
              { name: 'Version', label: 'version' },
              { name: 'Version known', hidden: true, expr: by('instance, version', host('netstack_build_info'), 'max') },
              { name: 'Sees the host', expr: by('instance', host('netstack_host_network_visible'), 'max') },
              { name: 'Last reload worked', expr: by('instance', host('netstack_config_last_reload_successful'), 'max') },
            ],
          }), 12],
          [columns({
            title: 'eBPF programs that are not at work',
            description: `Of exporters with \`--collector.bpf\`, which is off by default; the others say it in their log. docs/ebpf.md has the states: no_permission wants CAP_BPF and CAP_PERFMON, lockdown is the kernel's choice. Empty: all are at work, or nobody tells.\n\n${ofExpressions(declarations, [host('netstack_bpf_program_state')])}`,
            sort: 'Host',
            columns: [
              { name: 'Host', label: 'instance' },
              { name: 'Collector', label: 'collector', width: 120 },
              { name: 'Program', label: 'program', width: 160 },
              { name: 'State', label: 'state', width: 120 },
              { name: 'One', hidden: true, expr: by('instance, collector, program, state', host('netstack_bpf_program_state', 'state!~"ok|disabled"'), 'max') },
            ],
          }), 12],
        ],
      },
    ],
  };
}

export function overviewDashboard(declarations: Declarations): string {
  const time = overTime();
  return dashboardJson({
    uid: 'netstack-overview',
    title: 'Network stack / Overview',
    description: 'Which host loses packets, at which stage, and since when.',
    withDevice: false,
    rows: [
      {
        number: 1, title: 'Now', open: true,
        lines: [
          { height: 4, panels: numbers(declarations).map((panel, index) => [panel, index < 3 ? 4 : 3]) },
          { height: 9, panels: [[heatTable(declarations), 24]] },
        ],
      },
      {
        number: 2, title: 'Since when', open: true,
        lines: [{ height: 9, panels: [[time.receive, 6], [time.transmit, 6], [time.fullest, 6], [time.between, 6]] }],
      },
      { number: 3, title: 'Alerts', open: true, lines: [{ height: 7, panels: [[firing(), 24]] }] },
      exporter(declarations),
    ],
  });
}
