// What each stage's row shows besides its drops and settings: how full it is and under what pressure.
// Families that the ledger holds already (netstack_path_*) are added by path.ts.
import { by, device, host, limit, rate, type Target } from './queries.js';

export interface Spec {
  title: string; // Of the first panel: what is deep, or at work.
  unit: string;
  depth: Target[];
  normal: string;
  pressure: Target[];
}

const FULL: Target = limit('vector(1)', '(full)');

function packets(path: string, stage: string): Target {
  return {
    expr: by('instance, device', rate(device('netstack_path_packets_total', `path="${path}", stage="${stage}"`))),
    legend: '{{instance}} {{device}}',
  };
}

function blind(path: string, stage: string): Target {
  return {
    expr: by('instance, reason', device('netstack_path_blind', `path="${path}", stage="${stage}"`), 'max'),
    legend: '{{instance}}: cannot be seen, {{reason}}',
  };
}

function setting(path: string, stage: string, name: string, field = 'current'): string {
  return device('netstack_tunable', `path="${path}", stage="${stage}", name="${name}", field="${field}"`);
}

function speed(direction: string): Target[] {
  return [
    { expr: by('instance, device', rate(device(`netstack_link_${direction}_bytes_total`))), legend: '{{instance}} {{device}}' },
    limit(by('instance, device', device('netstack_link_speed_bytes_per_second'), 'max')),
  ];
}

function ring(path: string, name: string): Target[] {
  return [
    { expr: by('instance, device', setting(path, 'ring', `ethtool.rings.${name}`), 'max'), legend: '{{instance}} {{device}}' },
    limit(by('instance, device', setting(path, 'ring', `ethtool.rings.${name}`, 'max'), 'max')),
  ];
}

function events(direction: string): Target {
  return {
    expr: by('instance, device, event', rate(device('netstack_queue_events_total', `direction="${direction}"`))),
    legend: '{{event}} {{instance}} {{device}}',
  };
}

function each(family: string, legend: string, labels = 'instance'): Target {
  return { expr: by(labels, rate(device(family))), legend };
}

const WORK = 'This stage has no queue of its own: what passes it.';
const UNSEEN = 'The stage has no queue, and nothing counts what passes it. 1 stands for losses that this host cannot show, and why; n/a: it shows them all.';

const RECEIVE: Record<string, Spec> = {
  wire: {
    title: 'rate and speed', unit: 'Bps', depth: speed('receive'),
    normal: 'Well below the speed of the link, the dashed line.',
    pressure: [
      each('netstack_ethtool_pause_frames_sent_total', 'pause sent {{instance}} {{device}}', 'instance, device'),
      each('netstack_link_carrier_changes_total', 'carrier changes {{instance}} {{device}}', 'instance, device'),
      each('netstack_ethtool_link_down_events_total', 'link down {{instance}} {{device}}', 'instance, device'),
    ],
  },
  ring: {
    title: 'descriptors', unit: 'short', depth: ring('receive', 'rx'),
    normal: 'The size of the ring, and what it may have at most. How many are in use no driver tells.',
    pressure: [
      events('receive'),
      {
        expr: `max by (instance, device) (${rate(device('netstack_queue_packets_total', 'direction="receive"'))}) / avg by (instance, device) (${rate(device('netstack_queue_packets_total', 'direction="receive"'))})`,
        legend: 'busiest queue over average {{instance}} {{device}}', unit: 'none',
      },
    ],
  },
  irq: {
    title: 'interrupts', unit: 'ops',
    depth: [{ expr: by('instance, device, cpu', rate(device('netstack_irq_cpu_interrupts_total'))), legend: '{{instance}} {{device}} CPU {{cpu}}' }],
    normal: 'Spread over CPUs; they have no limit but the CPU.',
    pressure: [{
      expr: `${by('instance, device', rate(device('netstack_link_receive_packets_total')))} / ${by('instance, device', rate(device('netstack_irq_interrupts_total', 'direction!="transmit"')))}`,
      legend: 'packets for each interrupt {{instance}} {{device}}', unit: 'short',
    }],
  },
  napi: {
    title: 'packets of a softirq run', unit: 'short',
    depth: [
      { expr: `${by('instance, cpu', rate(host('netstack_softnet_processed_total')))} / ${by('instance, cpu', rate(host('netstack_softirq_net_rx_total')))}`, legend: '{{instance}} CPU {{cpu}}' },
      limit(by('instance', setting('receive', 'napi', 'net.core.netdev_budget'), 'max'), '{{instance}}'),
    ],
    normal: 'Far below the budget, the dashed line. Near it the CPU leaves work behind.',
    pressure: [
      { expr: `${by('instance', rate(host('netstack_softnet_time_squeeze_total')))} / ${by('instance', rate(host('netstack_softirq_net_rx_total')))}`, legend: 'runs that left work {{instance}}', unit: 'percentunit' },
    ],
  },
  xdp: { title: 'losses that cannot be seen', unit: 'none', depth: [blind('receive', 'xdp')], normal: UNSEEN, pressure: [] },
  backlog: {
    title: 'fullest CPU', unit: 'short',
    depth: [
      { expr: by('instance', host('netstack_softnet_backlog_packets'), 'max'), legend: '{{instance}}' },
      limit(by('instance', setting('receive', 'backlog', 'net.core.netdev_max_backlog'), 'max'), '{{instance}}'),
    ],
    normal: '0 on hosts without RPS, containers and loopback traffic. A scrape sees a moment only.',
    pressure: [
      each('netstack_softnet_received_rps_total', 'steered here by another CPU {{instance}}'),
      each('netstack_softnet_flow_limit_total', 'flow limit {{instance}}'),
    ],
  },
  ingress: {
    title: 'packets', unit: 'pps', depth: [packets('receive', 'ingress')], normal: WORK,
    pressure: [each('netstack_link_receive_dropped_total', 'rx_dropped, all reasons {{instance}} {{device}}', 'instance, device')],
  },
  ip: {
    title: 'memory of fragments', unit: 'bytes',
    depth: [
      { expr: by('instance, ip_version', host('netstack_sockstat_frag_memory_bytes')), legend: '{{instance}} IPv{{ip_version}}' },
      limit(by('instance, ip_version', host('netstack_sockstat_frag_memory_limit_bytes'), 'max'), '{{instance}} IPv{{ip_version}}'),
    ],
    normal: '0: fragments are rare.',
    pressure: [
      each('netstack_ip_reasm_reqds_total', 'fragments {{instance}}'),
      each('netstack_ip_in_ce_pkts_total', 'marked for congestion (IPv6) {{instance}}'),
      each('netstack_ip_ext_in_ce_pkts_total', 'marked for congestion (IPv4) {{instance}}'),
    ],
  },
  netfilter: {
    title: 'connection table', unit: 'short',
    depth: [
      { expr: by('instance', host('netstack_conntrack_entries'), 'max'), legend: '{{instance}}' },
      limit(by('instance', host('netstack_conntrack_entries_limit'), 'max'), '{{instance}}'),
    ],
    normal: 'Well below the limit; n/a without connection tracking.',
    pressure: [each('netstack_conntrack_search_restarts_total', 'searches restarted {{instance}}')],
  },
  listen: {
    title: 'fullest accept queues', unit: 'percentunit',
    depth: [
      { expr: `topk(5, ${by('instance, address, port', host('netstack_listener_accept_queue_fill_ratio'), 'max')})`, legend: '{{instance}} {{address}}:{{port}}' },
      FULL,
    ],
    normal: '0: a program accepts as fast as clients come.',
    pressure: [
      each('netstack_tcp_ext_syncookies_sent_total', 'cookies sent {{instance}}'),
      each('netstack_tcp_ext_syncookies_failed_total', 'cookies that were wrong {{instance}}'),
      { expr: by('instance', host('netstack_sockets_syn_queue_connections')), legend: 'half-open connections {{instance}}', unit: 'short' },
    ],
  },
  tcp: {
    title: 'memory', unit: 'bytes',
    depth: [
      { expr: by('instance', host('netstack_sockstat_tcp_memory_bytes'), 'max'), legend: '{{instance}}' },
      limit(by('instance, threshold', host('netstack_sockstat_tcp_memory_limit_bytes', 'threshold=~"pressure|max"'), 'max'), '{{instance}} {{threshold}}'),
    ],
    normal: 'Below the mark "pressure" of net.ipv4.tcp_mem.',
    pressure: [],
  },
  datagram: {
    title: 'fullest receive buffers', unit: 'percentunit',
    depth: [
      { expr: `topk(5, ${by('instance, protocol, port', host('netstack_datagram_receive_queue_fill_ratio'), 'max')})`, legend: '{{instance}} {{protocol}} {{port}}' },
      FULL,
    ],
    normal: 'Near 0. One that stays full belongs to a program that does not read it.',
    pressure: [
      { expr: by('instance', host('netstack_sockstat_udp_memory_bytes'), 'max'), legend: 'UDP memory {{instance}}', unit: 'bytes' },
      { expr: by('instance', host('netstack_sockstat_udp_memory_limit_bytes', 'threshold="max"'), 'max'), legend: 'limit UDP memory {{instance}}', unit: 'bytes', limit: true },
    ],
  },
};

const TRANSMIT: Record<string, Spec> = {
  socket: {
    title: 'send buffer fill, p99', unit: 'percentunit',
    depth: [
      { expr: `histogram_quantile(0.99, ${by('instance, le', host('netstack_sockets_transmit_memory_ratio_bucket'))})`, legend: '{{instance}}' },
      FULL,
    ],
    normal: 'A sender that is faster than the network fills its buffer: full is normal for bulk data.',
    pressure: [
      each('netstack_udp_sndbuf_errors_total', 'UDP send errors {{instance}}'),
      each('netstack_tcp_ext_tcp_wqueue_too_big_total', 'send queue too big {{instance}}'),
      { expr: by('instance', host('netstack_sockets_send_buffer_limited_seconds')), legend: 'limited by the buffer {{instance}}', unit: 's' },
    ],
  },
  tcp: {
    title: 'orphans and time-wait', unit: 'percentunit',
    depth: [
      { expr: by('instance, resource', device('netstack_path_saturation_ratio', 'path="transmit", stage="tcp"'), 'max'), legend: '{{resource}} {{instance}}' },
      FULL,
    ],
    normal: 'Low; a full time-wait table only ends the wait early.',
    pressure: [{
      expr: `${by('instance', rate(host('netstack_tcp_retrans_segs_total')))} / ${by('instance', rate(host('netstack_tcp_out_segs_total')))}`,
      legend: 'retransmitted {{instance}}', unit: 'percentunit',
    }],
  },
  ip: {
    title: 'packets', unit: 'pps', depth: [packets('transmit', 'ip')], normal: WORK,
    pressure: [
      each('netstack_ip_frag_creates_total', 'fragments made {{instance}}'),
      each('netstack_ip_out_discards_total', 'discards, all reasons {{instance}}'),
      each('netstack_xfrm_acquire_errors_total', 'IPsec without a key {{instance}}'),
    ],
  },
  netfilter: { title: 'losses that cannot be seen', unit: 'none', depth: [blind('transmit', 'netfilter')], normal: UNSEEN, pressure: [] },
  neighbour: {
    title: 'table', unit: 'short',
    depth: [
      { expr: by('instance, ip_version', host('netstack_neighbour_entries'), 'max'), legend: '{{instance}} IPv{{ip_version}}' },
      limit(by('instance, ip_version', host('netstack_neighbour_gc_threshold3_entries'), 'max'), '{{instance}} IPv{{ip_version}}'),
    ],
    normal: 'As many as there are machines on the same links.',
    pressure: [{ expr: by('instance', host('netstack_neighbour_state_entries', 'state="failed"')), legend: 'failed now {{instance}}', unit: 'short' }],
  },
  egress: { title: 'losses that cannot be seen', unit: 'none', depth: [blind('transmit', 'egress')], normal: UNSEEN, pressure: [] },
  qdisc: {
    title: 'fullest queue', unit: 'short',
    depth: [
      { expr: by('instance, device', device('netstack_qdisc_queue_length_packets'), 'max'), legend: '{{instance}} {{device}}' },
      limit(by('instance, device', device('netstack_qdisc_limit_packets'), 'max')),
    ],
    normal: '0 or a few: a queue that stays is a link that is full, or a shaper at work.',
    pressure: [{ expr: by('instance, device', device('netstack_qdisc_backlog_bytes'), 'max'), legend: 'waiting {{instance}} {{device}}', unit: 'bytes' }],
  },
  queue: {
    title: 'bytes given to the driver (BQL)', unit: 'bytes',
    depth: [
      { expr: by('instance, device', device('netstack_queue_bql_inflight_bytes', 'aggregate!~"min|sum"'), 'max'), legend: '{{instance}} {{device}}' },
      limit(by('instance, device', device('netstack_queue_bql_limit_bytes', 'aggregate!~"min|sum"'), 'max')),
    ],
    normal: 'At most the limit, which the kernel moves by itself; n/a for drivers without BQL.',
    pressure: [
      events('transmit'),
      each('netstack_queue_bql_stalls_total', 'stalls {{instance}} {{device}}', 'instance, device'),
    ],
  },
  ring: {
    title: 'descriptors', unit: 'short', depth: ring('transmit', 'tx'),
    normal: 'The size of the ring, and what it may have at most. How many are in use no driver tells.',
    pressure: [{
      expr: `max by (instance, device) (${rate(device('netstack_queue_packets_total', 'direction="transmit"'))}) / avg by (instance, device) (${rate(device('netstack_queue_packets_total', 'direction="transmit"'))})`,
      legend: 'busiest queue over average {{instance}} {{device}}', unit: 'none',
    }],
  },
  completion: {
    title: 'runs of the transmit softirq', unit: 'ops',
    depth: [{ expr: by('instance, cpu', rate(host('netstack_softirq_net_tx_total'))), legend: '{{instance}} CPU {{cpu}}' }],
    normal: 'Few: most cards complete in the receive softirq.',
    pressure: [{
      expr: `${by('instance, device', rate(device('netstack_link_transmit_packets_total')))} / ${by('instance, device', rate(device('netstack_irq_interrupts_total', 'direction!="receive"')))}`,
      legend: 'packets for each interrupt {{instance}} {{device}}', unit: 'short',
    }],
  },
  wire: {
    title: 'rate and speed', unit: 'Bps', depth: speed('transmit'),
    normal: 'Well below the speed of the link, the dashed line.',
    pressure: [
      each('netstack_ethtool_pause_frames_received_total', 'pause received {{instance}} {{device}}', 'instance, device'),
      each('netstack_link_collisions_total', 'collisions {{instance}} {{device}}', 'instance, device'),
      each('netstack_bonding_slave_link_failures_total', 'failures of {{slave}} {{instance}} {{device}}', 'instance, device, slave'),
    ],
  },
};

export const SPECS = { receive: RECEIVE, transmit: TRANSMIT };
