// What is below the four panels of a stage. Most of it eBPF tells: how deep queues were between two
// scrapes, how long packets and connections waited, and what polls did.
import { by, device, full, host, limit, quantiles, rate, worst, type Target } from './queries.js';

// What a panel is empty without: for its description, and in short for the panel itself.
export interface Need {
  says: string;
  short: string;
}

export interface Extra {
  title: string;
  unit: string;
  width: number;
  normal: string;
  need: Need;
  targets: Target[];
}

const BPF = 'eBPF, so CAP_BPF and CAP_PERFMON';

function onByDefault(collector: string, linux: string): Need {
  return {
    says: `Needs ${BPF}, and Linux ${linux}: the collector ${collector}, on by default. Empty: the exporter's log says why, and the overview with \`--collector.bpf\`.`,
    short: `No data: wants eBPF for ${collector}, Linux ${linux}`,
  };
}

function onRequest(flag: string): Need {
  return {
    says: `Off by default: wants \`--${flag}\` at the exporter, and ${BPF}.`,
    short: `No data: wants ${flag}`,
  };
}

export const PEAKS = onByDefault('queue_peaks', '5.10');
const UDP_PEAKS = onByDefault('queue_peaks', '6.3');
export const DROPS = onByDefault('drops', '5.17');
const DEEPER = onRequest('collector.queue_peaks.tier=extended');
const NAPI = onRequest('collector.napi');
const BY_QUEUE: Need = {
  says: `${NAPI.says} By queue for cards that tell which instance polls which (netstack_napi_queues_state).`,
  short: 'No data: wants collector.napi, and a card that tells its queues',
};
export const WAITS: Need = {
  says: `Off by default: wants \`--collector.napi\` for softirqs, \`--collector.queue_peaks.accept-wait\` for accept(), \`--collector.queue_peaks.tier=extended\` for pruning, and ${BPF}.`,
  short: 'No data: wants collector.napi',
};

const PORT = '{{instance}} port {{port}}';
const GROUP = '{{instance}} {{socket_group}}';
const QUEUE = '{{instance}} {{device}} {{direction}} {{queue}}';
// Only what is put into a queue is looked at.
const STUCK = 'A queue that stays full has none, for nothing more is put into it: that is in the panel above.';
const BETWEEN = 'The highest since the look-back (netstack_peak_look_back_seconds, 75 s), so what a gauge misses between two scrapes.';

function byPort(family: string): Target {
  return { expr: by('instance, port', worst(host(family)), 'max'), legend: PORT };
}

function byGroup(family: string): Target {
  return { expr: by('instance, socket_group', worst(host(family)), 'max'), legend: GROUP };
}

function fills(targets: Target[], family: string): Target[] {
  return [...targets, full(host(family))];
}

const acceptQueue: Extra[] = [
  {
    title: 'listen: accept queue, peak', unit: 'short', width: 6, need: PEAKS,
    normal: `${BETWEEN} Beyond the limit clients are turned away; it is drawn, dashed, for ports that came to a fifth of it. ${STUCK}`,
    targets: [
      byPort('netstack_listener_accept_queue_peak_connections'),
      limit(`${by('instance, port', host('netstack_listener_accept_queue_limit_connections'), 'min')} and ${by('instance, port', worst(host('netstack_listener_accept_queue_peak_ratio')), 'max')} > 0.2`, PORT),
    ],
  },
  {
    title: 'listen: accept queue, peak fill', unit: 'percentunit', width: 6, need: PEAKS,
    normal: `${BETWEEN} Below 0.7; above 1 connections were lost. ${STUCK}`,
    targets: fills([byPort('netstack_listener_accept_queue_peak_ratio')], 'netstack_listener_accept_queue_peak_ratio'),
  },
  {
    title: 'listen: wait for accept()', unit: 's', width: 6, need: onRequest('collector.queue_peaks.accept-wait'),
    normal: 'Of every connection that was accepted, none left out. Milliseconds: the program is slow to come back to accept().',
    targets: quantiles('netstack_listener_accept_wait_seconds', 'instance, port', PORT),
  },
  {
    title: 'listen: connections by port', unit: 'ops', width: 6, need: DEEPER,
    normal: 'Connections put into the accept queue. Bursts are where peaks come from.',
    targets: [{ expr: by('instance, port', rate(host('netstack_listener_arrivals_total'))), legend: PORT }],
  },
];

const receiveQueue: Extra[] = [
  {
    title: 'tcp: unread, peak', unit: 'bytes', width: 6, need: PEAKS,
    normal: `${BETWEEN} Of the worst connection of a port. Near 0 while programs read at once.`,
    targets: [byGroup('netstack_socket_unread_peak_bytes')],
  },
  {
    title: 'tcp: receive buffer, peak fill', unit: 'percentunit', width: 6, need: PEAKS,
    normal: `${BETWEEN} At 1 the window is closed: the sender waits, and segments are pruned.`,
    targets: fills([byGroup('netstack_socket_receive_memory_peak_ratio')], 'netstack_socket_receive_memory_peak_ratio'),
  },
  {
    title: 'tcp: received by port', unit: 'Bps', width: 6, need: PEAKS,
    normal: 'Which port the bytes are for that wait.',
    targets: [{ expr: by('instance, socket_group', rate(host('netstack_socket_received_bytes_total'))), legend: GROUP }],
  },
  {
    title: 'tcp: unread, as data arrives', unit: 'bytes', width: 6, need: DEEPER,
    normal: 'Over every arrival of data, not over scrapes; right to a bucket, so it may be above the peak.',
    targets: quantiles('netstack_socket_unread_depth_bytes', 'instance', '{{instance}}'),
  },
  {
    title: 'tcp: receive memory, peak', unit: 'bytes', width: 12, need: DEEPER,
    normal: `${BETWEEN} Overhead of segments included; the most that a buffer may grow to is net.ipv4.tcp_rmem, max.`,
    targets: [byGroup('netstack_socket_receive_memory_peak_bytes')],
  },
  {
    title: 'tcp: time of collapse and prune', unit: 's', width: 12,
    need: {
      says: `${DEEPER.says} Only where the kernel lets programs at its functions: there is no tracepoint that tells.`,
      short: 'No data: wants collector.queue_peaks.tier=extended, and eBPF at functions',
    },
    normal: 'Below a millisecond.',
    targets: quantiles('netstack_tcp_prune_seconds', 'instance, operation', '{{operation}} {{instance}}'),
  },
];

const datagramQueue: Extra[] = [
  {
    title: 'datagram: UDP buffer, peak fill', unit: 'percentunit', width: 12, need: UDP_PEAKS,
    normal: `${BETWEEN} The fullest UDP socket of the host and its containers; near 1 the next burst is lost. ${STUCK}`,
    targets: fills([{ expr: by('instance', worst(host('netstack_datagram_receive_memory_peak_ratio')), 'max'), legend: '{{instance}}' }], 'netstack_datagram_receive_memory_peak_ratio'),
  },
  {
    title: 'datagram: UDP buffer, peak', unit: 'bytes', width: 12, need: UDP_PEAKS,
    normal: `${BETWEEN} The dashed line is what a socket gets that asks for nothing (net.core.rmem_default). ${STUCK}`,
    targets: [
      { expr: by('instance', worst(host('netstack_datagram_receive_memory_peak_bytes')), 'max'), legend: '{{instance}}' },
      limit(`${by('instance', host('netstack_tunable', 'name="net.core.rmem_default", field="current"'), 'max')} and ${by('instance', host('netstack_datagram_receive_memory_peak_bytes'), 'group')}`, '{{instance}}'),
    ],
  },
];

function softirq(vector: string, stage: string, width: number): Extra[] {
  const only = `vector="${vector}"`;
  const budget = by('instance', host('netstack_tunable', 'name="net.core.netdev_budget_usecs", field="current"'), 'max');
  return [
    {
      title: `${stage}: softirq wait`, unit: 's', width, need: NAPI,
      normal: 'From raising the softirq to its start. Microseconds at the end of an interrupt; milliseconds in ksoftirqd are packets that wait for the scheduler.',
      targets: quantiles('netstack_softirq_wait_seconds', 'instance, context', '{{context}} {{instance}}', only),
    },
    {
      title: `${stage}: softirq run`, unit: 's', width, need: NAPI,
      normal: vector === 'net_rx' ? 'The dashed line is net.core.netdev_budget_usecs: a run that long leaves work behind.' : 'How long a run held its CPU.',
      targets: [
        ...quantiles('netstack_softirq_run_seconds', 'instance, context', '{{context}} {{instance}}', only),
        ...(vector === 'net_rx' ? [limit(`${budget} / 1000000 and ${by('instance', host('netstack_softirq_run_seconds_bucket', only), 'group')}`, '{{instance}}')] : []),
      ],
    },
  ];
}

// Polls of no device are the backlogs' of the CPUs, of container ports and of other network namespaces.
function polled(name: string, labels = 'instance, device'): string {
  const counted = rate(device(`netstack_napi_${name}_total`));
  return by(labels, labels === 'instance, device' ? `label_replace(${counted}, "device", "no device", "device", "^$")` : counted);
}

function share(labels: string, what: string, legend: string): Target {
  const of = (name: string) => polled(name, labels);
  return { expr: `${of(`${what}budget_exhausted`)} / ${of(`${what}polls`)}`, legend };
}

const polls: Extra[] = [
  ...softirq('net_rx', 'napi', 6),
  {
    title: 'napi: packets of a poll', unit: 'short', width: 6, need: NAPI,
    normal: 'Of devices, without the backlogs. One: interrupts are not coalesced. Near the weight of 64: the device brings more than its CPU takes.',
    targets: quantiles('netstack_napi_work_per_poll', 'instance, device', '{{instance}} {{device}}', 'device!=""', device),
  },
  {
    title: 'napi: polls that used up their budget', unit: 'percentunit', width: 6, need: NAPI,
    normal: 'Near 0. A large part: more queues, more CPUs.',
    targets: [share('instance, device', '', '{{instance}} {{device}}')],
  },
  {
    title: 'napi: polls by device', unit: 'ops', width: 6, need: NAPI,
    normal: 'Of no device: the backlogs of the CPUs, container ports and other network namespaces.',
    targets: [{ expr: polled('polls'), legend: '{{instance}} {{device}}' }],
  },
  {
    title: 'napi: packets by device', unit: 'pps', width: 6, need: NAPI,
    normal: 'What polls took off the devices.',
    targets: [{ expr: polled('work'), legend: '{{instance}} {{device}}' }],
  },
  {
    title: 'napi: packets by queue', unit: 'pps', width: 6, need: BY_QUEUE,
    normal: 'Even: one queue far above the others is a hash that does not spread, or few connections.',
    targets: [{ expr: by('instance, device, direction, queue', rate(device('netstack_napi_queue_work_total'))), legend: QUEUE }],
  },
  {
    title: 'napi: used-up budgets by queue', unit: 'percentunit', width: 6, need: BY_QUEUE,
    normal: 'Near 0. Of one queue only: its CPU is the bottleneck, not the card.',
    targets: [share('instance, device, direction, queue', 'queue_', QUEUE)],
  },
];

const sendQueue: Extra[] = [
  {
    title: 'socket: send queue, peak', unit: 'bytes', width: 6, need: PEAKS,
    normal: `${BETWEEN} Written and not yet acknowledged, of the worst connection of a port.`,
    targets: [byGroup('netstack_socket_send_queue_peak_bytes')],
  },
  {
    title: 'socket: send buffer, peak fill', unit: 'percentunit', width: 6, need: PEAKS,
    normal: `${BETWEEN} At 1 the program waits: normal for bulk data, and a delay for anything else.`,
    targets: fills([byGroup('netstack_socket_send_memory_peak_ratio')], 'netstack_socket_send_memory_peak_ratio'),
  },
  {
    title: 'socket: send queue, as ACKs arrive', unit: 'bytes', width: 6, need: DEEPER,
    normal: 'Over every segment of the peers, not over scrapes; right to a bucket, so it may be above the peak.',
    targets: quantiles('netstack_socket_send_queue_depth_bytes', 'instance', '{{instance}}'),
  },
  {
    title: 'socket: send memory, peak', unit: 'bytes', width: 6, need: DEEPER,
    normal: `${BETWEEN} Overhead included; the most that a buffer may grow to is net.ipv4.tcp_wmem, max.`,
    targets: [byGroup('netstack_socket_send_memory_peak_bytes')],
  },
];

function queuesOf(direction: string): Extra[] {
  const need = (what: string): Need => ({ says: `Of cards whose driver tells ${what} by queue.`, short: `No data: no driver here tells ${what} by queue` });
  const counted = (family: string, labels: string) =>
    by(`instance, device, queue${labels}`, rate(device(family, `direction="${direction}", queue!=""`)));
  return [
    {
      title: 'ring: packets by queue', unit: 'pps', width: 12, need: need('packets'),
      normal: 'Even. One queue far above the others: its CPU is full before the card is; see RSS and the number of channels.',
      targets: [{ expr: `topk(16, ${counted('netstack_queue_packets_total', '')})`, legend: '{{instance}} {{device}} {{queue}}' }],
    },
    {
      title: 'ring: drops by queue', unit: 'pps', width: 12, need: need('drops'),
      normal: '0. What is lost here is in the drops of the stages, by device.',
      targets: [{ expr: `topk(16, ${counted('netstack_queue_drops_total', ', cause')})`, legend: '{{cause}} {{instance}} {{device}} {{queue}}' }],
    },
  ];
}

export const EXTRAS: Record<'receive' | 'transmit', Record<string, Extra[]>> = {
  receive: {
    ring: queuesOf('receive'),
    irq: [{
      title: 'irq: time of a handler', unit: 's', width: 24, need: onRequest('collector.irq.handler-time'),
      normal: 'Microseconds: a handler only asks for a poll.',
      targets: quantiles('netstack_irq_handler_seconds', 'instance, device', '{{instance}} {{device}}', '', device),
    }],
    napi: polls,
    listen: acceptQueue,
    tcp: receiveQueue,
    datagram: datagramQueue,
  },
  transmit: {
    socket: sendQueue,
    tcp: [{
      title: 'tcp: unsent, peak', unit: 'bytes', width: 24, need: DEEPER,
      normal: `${BETWEEN} Written and never sent, of the worst connection of a port: the network or the peer is slower than the program.`,
      targets: [byGroup('netstack_socket_unsent_peak_bytes')],
    }],
    ring: queuesOf('transmit'),
    completion: softirq('net_tx', 'completion', 12),
  },
};
