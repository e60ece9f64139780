// Services by port, sockets by state, and TCP as a whole.
import type { Declarations } from './declarations.js';
import { PEAKS } from './between.js';
import { dashboardJson, type Row } from './frame.js';
import { columns, FILL_STEPS, lines } from './panels.js';
import { by, full, host, limit, rate, worst, type Target } from './queries.js';
import { ofExpressions } from './words.js';

const OWN_DROPS =
  'Dropped is what the socket counts itself. It has no colour, because it contains what is no loss, as clients that TCP_DEFER_ACCEPT lets wait; what is lost is on the path dashboards.';

class Panels {
  constructor(private readonly declarations: Declarations) {}

  lines(title: string, unit: string, normal: string, targets: Target[], noValue?: string) {
    const words = ofExpressions(this.declarations, targets.map((target) => target.expr));
    return lines({ title, unit, targets, noValue, description: [normal, words].filter(Boolean).join('\n\n') });
  }

  // What eBPF sees between two scrapes.
  peaks(title: string, unit: string, normal: string, targets: Target[]) {
    return this.lines(title, unit, `${normal} ${PEAKS.says}`, targets, PEAKS.short);
  }

  // Rates of counters of the host, a line each.
  counters(title: string, unit: string, normal: string, names: Record<string, string>) {
    return this.lines(title, unit, normal, Object.entries(names).map(([name, legend]) => ({
      expr: by('instance', rate(host(`netstack_${name}_total`))),
      legend: `${legend} {{instance}}`,
    })));
  }

  // The middle and the far end of a distribution over the sockets of now.
  distribution(title: string, unit: string, normal: string, family: string) {
    const buckets = by('instance, le', host(`${family}_bucket`));
    return this.lines(title, unit, normal, [0.5, 0.9, 0.99].map((part) => ({
      expr: `histogram_quantile(${part}, ${buckets})`,
      legend: `p${part * 100} {{instance}}`,
    })));
  }
}

// A peak of a port, for each address at which it listens.
function ofListeners(family: string): string {
  const listeners = by('instance, address, port', host('netstack_listener_accept_queue_limit_connections'), 'group');
  return `${listeners} * on (instance, port) group_left () ${by('instance, port', worst(host(family)), 'max')}`;
}

function services(panels: Panels, declarations: Declarations): Row[] {
  const listeners = columns({
    title: 'Listening TCP sockets',
    description: `Now, and at the worst moment since the look-back (Peak; of the port). ${PEAKS.says}\n\n${OWN_DROPS}\n\n${ofExpressions(declarations, [
      'netstack_listener_accept_queue_connections', 'netstack_listener_accept_queue_limit_connections',
      'netstack_listener_accept_queue_peak_connections', 'netstack_listener_drops_total',
    ])}`,
    sort: 'Port',
    columns: [
      { name: 'Host', label: 'instance', width: 120 },
      { name: 'Address', label: 'address', width: 100 },
      { name: 'Port', label: 'port', width: 65 },
      { name: 'Waiting', unit: 'none', width: 75, expr: by('instance, address, port', host('netstack_listener_accept_queue_connections')) },
      { name: 'Peak', unit: 'none', width: 60, expr: ofListeners('netstack_listener_accept_queue_peak_connections') },
      { name: 'Limit', unit: 'none', width: 65, expr: by('instance, address, port', host('netstack_listener_accept_queue_limit_connections'), 'max') },
      { name: 'Full', unit: 'percentunit', width: 95, cell: 'gauge', thresholds: FILL_STEPS, expr: by('instance, address, port', host('netstack_listener_accept_queue_fill_ratio'), 'max') },
      { name: 'Peak full', unit: 'percentunit', width: 110, cell: 'gauge', thresholds: FILL_STEPS, expr: ofListeners('netstack_listener_accept_queue_peak_ratio') },
      { name: 'Dropped', unit: 'pps', width: 80, expr: by('instance, address, port', rate(host('netstack_listener_drops_total'))) },
    ],
  });
  const datagrams = columns({
    title: 'UDP and other datagram sockets',
    description: `${OWN_DROPS}\n\n${ofExpressions(declarations, [
      'netstack_datagram_receive_queue_bytes', 'netstack_datagram_drops_total', 'netstack_datagram_sockets',
    ])}`,
    sort: 'Port',
    columns: [
      { name: 'Host', label: 'instance', width: 150 },
      { name: 'Protocol', label: 'protocol', width: 90 },
      { name: 'Port', label: 'port', width: 70 },
      { name: 'Sockets', width: 70, expr: by('instance, protocol, port', host('netstack_datagram_sockets')) },
      { name: 'Waiting', unit: 'bytes', width: 85, expr: by('instance, protocol, port', host('netstack_datagram_receive_queue_bytes')) },
      { name: 'Limit', unit: 'bytes', width: 85, expr: by('instance, protocol, port', host('netstack_datagram_receive_queue_limit_bytes')) },
      { name: 'Full', unit: 'percentunit', width: 130, cell: 'gauge', thresholds: FILL_STEPS, expr: by('instance, protocol, port', host('netstack_datagram_receive_queue_fill_ratio'), 'max') },
      { name: 'Dropped', unit: 'pps', width: 85, expr: by('instance, protocol, port', rate(host('netstack_datagram_drops_total'))) },
    ],
  });
  const group = (family: string, how = 'sum') => [
    { expr: by('instance, socket_group', host(family), how), legend: '{{socket_group}} {{instance}}' },
  ];
  const peak = (family: string, legend = '{{socket_group}} {{instance}}') => [
    { expr: by('instance, socket_group', worst(host(family)), 'max'), legend },
  ];
  const fill = (family: string) => [...peak(family), full(host(family))];
  const worstOne = (now: string, between: string) => [
    { ...group(now, 'max')[0]!, legend: 'at a scrape {{socket_group}} {{instance}}' },
    ...peak(between, 'peak {{socket_group}} {{instance}}'),
  ];
  const BETWEEN = 'At a scrape, and the highest since the look-back (peak).';
  return [
    { number: 1, title: 'Services', open: true, lines: [{ height: 10, panels: [[listeners, 12], [datagrams, 12]] }] },
    {
      number: 2, title: 'Connections by service', open: true,
      lines: [{
        height: 8,
        panels: [
          [panels.lines('Connections', 'short', '', group('netstack_sockets_group_connections')), 6],
          [panels.lines('Unread: the program is behind', 'bytes', 'Near 0.', group('netstack_sockets_group_unread_bytes')), 6],
          [panels.lines('Not yet sent and not yet acknowledged', 'bytes', '', group('netstack_sockets_group_transmit_queue_bytes')), 6],
          [panels.peaks('Received', 'Bps', '', [{ expr: by('instance, socket_group', rate(host('netstack_socket_received_bytes_total'))), legend: '{{socket_group}} {{instance}}' }]), 6],
        ],
      },
      {
        height: 8,
        panels: [
          [panels.lines('Unread, worst connection', 'bytes', `${BETWEEN} ${PEAKS.says}`, worstOne('netstack_sockets_group_unread_max_bytes', 'netstack_socket_unread_peak_bytes')), 6],
          [panels.lines('Send queue, worst connection', 'bytes', `${BETWEEN} ${PEAKS.says}`, worstOne('netstack_sockets_group_transmit_queue_max_bytes', 'netstack_socket_send_queue_peak_bytes')), 6],
          [panels.peaks('Receive buffer, peak fill', 'percentunit', 'Near 1 the window is closed.', fill('netstack_socket_receive_memory_peak_ratio')), 6],
          [panels.peaks('Send buffer, peak fill', 'percentunit', 'Near 1 the program waits: normal for bulk data.', fill('netstack_socket_send_memory_peak_ratio')), 6],
        ],
      }],
    },
  ];
}

function sockets(panels: Panels): Row[] {
  return [
    {
      number: 3, title: 'Sockets', open: true,
      lines: [{
        height: 8,
        panels: [
          [panels.lines('TCP sockets by state', 'short', 'Few in close_wait and syn_sent.', [{ expr: by('instance, state', host('netstack_sockets_tcp')), legend: '{{state}} {{instance}}' }]), 6],
          [panels.lines('Sockets', 'short', '', [
            { expr: by('instance', host('netstack_sockstat_sockets_used')), legend: 'all {{instance}}' },
            { expr: by('instance', host('netstack_sockstat_tcp_allocated')), legend: 'TCP {{instance}}' },
            { expr: by('instance', host('netstack_sockstat_udp_inuse')), legend: 'UDP {{instance}}' },
            { expr: by('instance', host('netstack_sockstat_raw_inuse')), legend: 'raw {{instance}}' },
          ]), 6],
          [panels.lines('Orphans', 'short', 'Closed by their program, still to be sent.', [
            { expr: by('instance', host('netstack_sockstat_tcp_orphans')), legend: '{{instance}}' },
            limit(by('instance', host('netstack_sockstat_tcp_orphans_limit'), 'max'), '{{instance}}'),
          ]), 6],
          [panels.lines('Time-wait', 'short', 'Many short connections leave many; they cost little.', [
            { expr: by('instance', host('netstack_sockstat_tcp_time_wait')), legend: '{{instance}}' },
            limit(by('instance', host('netstack_sockstat_tcp_time_wait_limit'), 'max'), '{{instance}}'),
          ]), 6],
        ],
      }],
    },
    {
      number: 4, title: 'Distributions over all TCP sockets of now', open: false,
      lines: [
        {
          height: 8,
          panels: [
            [panels.distribution('Round-trip time', 's', '', 'netstack_sockets_rtt_seconds'), 6],
            [panels.distribution('Unread', 'bytes', 'Near 0.', 'netstack_sockets_unread_bytes'), 6],
            [panels.distribution('Unsent', 'bytes', '', 'netstack_sockets_unsent_bytes'), 6],
            [panels.distribution('Unacknowledged', 'bytes', '', 'netstack_sockets_unacknowledged_bytes'), 6],
          ],
        },
        {
          height: 8,
          panels: [
            [panels.distribution('Congestion window', 'short', '', 'netstack_sockets_congestion_window_segments'), 6],
            [panels.distribution('Retransmitted segments', 'short', '', 'netstack_sockets_retransmitted_segments'), 6],
            [panels.distribution('Receive memory', 'percentunit', '', 'netstack_sockets_receive_memory_ratio'), 6],
            [panels.lines('What senders wait for', 's', 'Sums over the connections of now.', [
              { expr: by('instance', host('netstack_sockets_busy_seconds')), legend: 'busy {{instance}}' },
              { expr: by('instance', host('netstack_sockets_receive_window_limited_seconds')), legend: 'the peer reads too slowly {{instance}}' },
              { expr: by('instance', host('netstack_sockets_send_buffer_limited_seconds')), legend: 'the send buffer is too small {{instance}}' },
            ]), 6],
          ],
        },
        {
          height: 6,
          panels: [
            [panels.lines('Age of these numbers', 's', '', [{ expr: by('instance', host('netstack_sockets_walk_age_seconds'), 'max'), legend: '{{instance}}' }]), 12],
            [panels.lines('Part of the sockets that was seen', 'percentunit', 'Normal is 1.', [{ expr: by('instance', host('netstack_sockets_walk_fraction_ratio'), 'min'), legend: '{{instance}}' }]), 12],
          ],
        },
      ],
    },
  ];
}

function protocols(panels: Panels): Row[] {
  return [
    {
      number: 5, title: 'TCP: opening and closing', open: false,
      lines: [{
        height: 8,
        panels: [
          [panels.counters('Opened', 'ops', '', { tcp_active_opens: 'to others', tcp_passive_opens: 'from others' }), 6],
          [panels.counters('Failed and reset', 'ops', '', { tcp_attempt_fails: 'attempts failed', tcp_estab_resets: 'reset while open', tcp_out_rsts: 'resets sent' }), 6],
          [panels.counters('Aborted', 'ops', 'Normal is 0, but for programs that close with data unread.', {
            tcp_ext_tcp_abort_on_data: 'data after close', tcp_ext_tcp_abort_on_close: 'data unread at close', tcp_ext_tcp_abort_on_memory: 'no memory',
            tcp_ext_tcp_abort_on_timeout: 'timeout', tcp_ext_tcp_abort_on_linger: 'linger', tcp_ext_tcp_abort_failed: 'abort failed',
          }), 6],
          [panels.lines('Open', 'short', '', [{ expr: by('instance', host('netstack_tcp_curr_estab')), legend: '{{instance}}' }]), 6],
        ],
      }],
    },
    {
      number: 6, title: 'TCP: losing and repairing', open: false,
      lines: [{
        height: 8,
        panels: [
          [panels.counters('Retransmitted, by how the loss was noticed', 'ops', 'A timeout is the slow way.', {
            tcp_ext_tcp_fast_retrans: 'fast', tcp_ext_tcp_slow_start_retrans: 'in slow start', tcp_ext_tcp_timeouts: 'timeouts',
            tcp_ext_tcp_loss_probes: 'loss probes', tcp_ext_tcp_syn_retrans: 'SYNs', tcp_ext_tcp_lost_retransmit: 'lost again',
          }), 6],
          [panels.counters('Retransmitted in vain', 'ops', 'The segment was not lost: reordering, or a timer that is too short.', {
            tcp_ext_tcp_spurious_rtos: 'spurious timeouts', tcp_ext_tcp_dsack_recv: 'peer had it (DSACK)', tcp_ext_tcp_sack_reorder: 'reordered',
          }), 6],
          [panels.counters('Windows closed', 'ops', '', {
            tcp_ext_tcp_to_zero_window_adv: 'closed by us', tcp_ext_tcp_from_zero_window_adv: 'opened by us',
            tcp_ext_tcp_want_zero_window_adv: 'had to close', tcp_ext_tcp_win_probe: 'probes of the peer\'s',
          }), 6],
          [panels.counters('Received out of order', 'ops', 'Loss or reordering on the way to us.', { tcp_ext_tcp_ofo_queue: 'queued', tcp_ext_tcp_ofo_merge: 'overlapping' }), 6],
        ],
      }],
    },
    {
      number: 7, title: 'UDP, ICMP and IP', open: false,
      lines: [{
        height: 8,
        panels: [
          [panels.counters('UDP', 'pps', '', { udp_in_datagrams: 'received', udp_out_datagrams: 'sent', udp_no_ports: 'nobody listens', udp_in_errors: 'not delivered' }), 6],
          [panels.counters('IP', 'pps', '', { ip_in_receives: 'received', ip_in_delivers: 'delivered', ip_forw_datagrams: 'forwarded', ip_out_requests: 'sent' }), 6],
          [panels.counters('ICMP', 'pps', '', { icmp_in_msgs: 'received', icmp_out_msgs: 'sent', icmp_in_dest_unreachs: 'unreachable, told to us', icmp_out_dest_unreachs: 'unreachable, told by us', icmp_in_errors: 'damaged' }), 6],
          [panels.counters('Segments', 'pps', '', { tcp_in_segs: 'received', tcp_out_segs: 'sent' }), 6],
        ],
      }],
    },
  ];
}

export function socketsDashboard(declarations: Declarations): string {
  const panels = new Panels(declarations);
  return dashboardJson({
    uid: 'netstack-sockets',
    title: 'Network stack / Sockets and services',
    description: 'Which service has a full queue, what state the sockets are in, and how TCP fares.',
    withDevice: false,
    rows: [...services(panels, declarations), ...sockets(panels), ...protocols(panels)],
  });
}
