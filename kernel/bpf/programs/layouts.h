// The memory that the programs in the kernel fill and the exporter reads: plain C for both.
// Everything is counted by each CPU in rows of its own, so that neither side needs a lock: a reader
// sums or takes the highest over the CPUs.
#pragma once

#ifndef __bpf__
#include <linux/types.h>
#endif

// drops ---------------------------------------------------------------------------------------

// A reason's number is in its low 16 bits, its subsystem above. The last of each is for the rest.
#define NETSTACK_DROP_SUBSYSTEMS 4
#define NETSTACK_DROP_REASONS 256
#define NETSTACK_DROP_CELLS (NETSTACK_DROP_SUBSYSTEMS * NETSTACK_DROP_REASONS)
// From here on up to the last: cells of functions that give no reason.
#define NETSTACK_DROP_FIRST_PLACE 240

// Packets by cell, [CPU][cell].
struct netstack_drop_row {
  __u64 packets;   // Of all network namespaces.
  __u64 received;  // Those whose device is of our namespace, on their way in...
  __u64 sent;      // ...and on their way out.
};

// Packets by device and reason, [CPU][row of the device]. Row 0 is for devices without one.
#define NETSTACK_DROP_DEVICES 16
#define NETSTACK_DROP_NAMES 192  // The first is for reasons without a name, and what is beyond.
struct netstack_drop_device_row {
  __u64 packets[NETSTACK_DROP_NAMES];
};

#define NETSTACK_DROP_DIRECTION 1       // Count the directions apart.
#define NETSTACK_DROP_AT_DEVICE 2       // sk_buff.dev is a device there, and not something else.
#define NETSTACK_DROP_NOT_TO_BE_SENT 4  // Only packets without their link header.
#define NETSTACK_DROP_AT_SOCKET 8       // By a socket, whether it still has its route or not.
#define NETSTACK_DROP_AT_QUEUE 16       // Of these, for want of room.

// A part of a function that throws packets away without a reason.
#define NETSTACK_DROP_PARTS 12
struct netstack_drop_part {
  __u64 start;
  __u64 size;  // 0: no part.
  __u64 cell;
};

struct netstack_drop_config {
  __u32 first_reason;  // Lower ones are no drops (SKB_CONSUMED).
  __u32 netns;         // Inode of our network namespace.
  __u32 knows_reason;  // 1: the tracepoint tells it (Linux 5.17).
  __u32 knows_socket;  // 1: the tracepoint tells the socket that the packet was for.
  struct netstack_drop_part parts[NETSTACK_DROP_PARTS];
  __u8 flags[NETSTACK_DROP_CELLS];
  __u8 names[NETSTACK_DROP_CELLS];  // Position in netstack_drop_device_row.
};

// [CPU]. The packet that was last thrown away for want of room at a socket nobody has told.
struct netstack_drop_unclaimed {
  __u32 device;  // By which it came.
  __u32 name;
};

// Changed by the exporter while the program runs.
struct netstack_drop_settings {
  __u32 by_device;                       // 0: no packet is counted by device.
  __u32 devices[NETSTACK_DROP_DEVICES];  // Interface index by row; 0: free.
};

// queue_peaks ---------------------------------------------------------------------------------

#define NETSTACK_PEAK_LANES 8
#define NETSTACK_PEAK_GROUPS 256
#define NETSTACK_PEAK_OTHER 0        // The group of sockets whose ports have none.
#define NETSTACK_PEAK_OTHER_NETNS 1  // Sockets of other network namespaces.
#define NETSTACK_PEAK_FIRST 2
// Fill is in 1/1024 of the limit.
#define NETSTACK_FILL_UNIT 1024

#define NETSTACK_DEPTH_BINS 32

// One group within one epoch: a cache line, the only one of a group that an event writes to. Depths
// are the highest of the epoch; those of an older epoch are void. Sums are never emptied: a group's
// is that of all its lanes.
struct netstack_peak_lane {
  __u32 epoch;
  __u32 unread;      // Received and not yet read, bytes.
  __u32 send_queue;  // Written and not yet acknowledged, bytes.
  __u32 unsent;      // The part of it that was not sent even once.
  __u32 receive_memory;
  __u32 send_memory;
  __u32 receive_fill;  // Memory against the socket's limit.
  __u32 send_fill;
  __u32 accept_queue;  // Of a listener, connections.
  __u32 accept_fill;
  __u64 received_bytes;  // Put into receive queues in order.
  __u64 unread_sum;      // Of the depths that the bins count.
  __u64 send_queue_sum;
};

// A connection that was looked at, so that its lane is not sought for each segment.
struct netstack_peak_place {
  __u64 mark;          // The connection; 0: none.
  __u64 era;           // When the lane was sought.
  __u32 lane;          // Position in the lanes of the CPU.
  __u32 doubted;       // 1: its last segment may yet be refused.
  __u32 doubted_next;  // What was expected next before that.
  __u32 unused;
};
#define NETSTACK_PEAK_PLACES 16           // By the low bits of the connection's hash.
#define NETSTACK_PEAK_NO_LANE 0xffffffff  // It is not to be looked at.

// [CPU]. Bin b counts the depths above 2^(b-1) and up to 2^b. What is written to at one time is
// close together, for every cache line costs, and every page.
struct netstack_peak_area {
  struct netstack_peak_place places[NETSTACK_PEAK_PLACES];
  __u64 unread[NETSTACK_DEPTH_BINS];
  __u64 send_queue[NETSTACK_DEPTH_BINS];
  struct netstack_peak_lane datagram[NETSTACK_PEAK_LANES];  // UDP: receive memory and fill.
  __u64 arrivals[NETSTACK_PEAK_GROUPS];                     // Connections put into accept queues.
  // Lane of a group: epoch modulo lanes, times groups, plus the group.
  struct netstack_peak_lane lanes[NETSTACK_PEAK_LANES * NETSTACK_PEAK_GROUPS];
};

// Fixed when the programs are loaded.
struct netstack_peak_config {
  __u32 netns;
  __u32 per_socket;    // 1: fill the map of sockets, too.
  __u32 sees_arrival;  // 1: sk_data_ready tells what became of a segment.
};

// Look at what was never sent, memory in bytes, other network namespaces and histograms, too.
#define NETSTACK_PEAK_ALL (1ULL << 63)

// Changed by the exporter while the programs run.
struct netstack_peak_settings {
  __u64 era;           // The epoch in the low 32 bits, NETSTACK_PEAK_ALL, and a number that changes
                       // with the groups.
  __u32 sockets_lost;  // Sockets that found no room in the map of sockets.
  __u8 in[65536];      // Group by local port.
  __u8 out[65536];     // Group by remote port, where the local one has none.
  __u8 recorded[65536];  // Per socket: 1 for ports, local or remote, to be recorded.
};

// A connection: IPv4 addresses as ::ffff:a.b.c.d, all in network order but the ports.
struct netstack_socket_key {
  __u8 local[16];
  __u8 remote[16];
  __u16 local_port;
  __u16 remote_port;
};

struct netstack_socket_lane {
  __u32 epoch;
  __u32 unread;
  __u32 send_queue;
  __u32 unused;
};

// Two lanes: the running epoch and the one before it.
struct netstack_socket_value {
  struct netstack_socket_lane lanes[2];
  __u64 received_bytes;  // Over the connection's life, as of the last event.
  __u64 written_bytes;
};

// napi ----------------------------------------------------------------------------------------

#define NETSTACK_NAPI_DEVICES 256
#define NETSTACK_NAPI_OTHER 0  // Devices of other namespaces, with large numbers, or none.
#define NETSTACK_WORK_BINS 8

// Polls by queue, [CPU][row of the NAPI instance]. Nobody reads row 0, that of those without one.
#define NETSTACK_NAPI_QUEUES 512
#define NETSTACK_NAPI_IDS 4096
struct netstack_napi_queue_row {
  __u64 polls;
  __u64 work;
  __u64 exhausted;
};

// Changed by the exporter while the program runs.
struct netstack_napi_settings {
  __u16 rows[NETSTACK_NAPI_IDS];    // By the low bits of a NAPI id.
  __u32 ids[NETSTACK_NAPI_QUEUES];  // Whose row it is; the id tells, and who shares its bits does
                                    // not.
};

// [CPU][interface index]. Bin 0 counts polls without work, bin b those with 2^(b-1) up to 2^b - 1.
struct netstack_napi_row {
  __u64 polls;
  __u64 work;
  __u64 exhausted;  // Polls that used up their budget.
  __u64 bins[NETSTACK_WORK_BINS];
};

#define NETSTACK_TIME_BINS 32

struct netstack_times {
  __u64 bins[NETSTACK_TIME_BINS];  // Bin b: above 2^(b-1) and up to 2^b nanoseconds.
  __u64 sum;
};

#define NETSTACK_IN_INTERRUPT 0  // At the end of one.
#define NETSTACK_IN_KSOFTIRQD 1

// [CPU][vector]: 0 transmit (NET_TX), 1 receive (NET_RX). Times by context; what an event writes to
// besides its bin is one cache line.
struct netstack_softirq_row {
  __u64 raised_at;
  __u64 entered_at;
  __u64 context;  // Of the run that was entered.
  __u64 waiting_sum[2];
  __u64 running_sum[2];
  __u64 unused;
  __u64 waiting[2][NETSTACK_TIME_BINS];  // As in netstack_times.
  __u64 running[2][NETSTACK_TIME_BINS];
};

struct netstack_napi_config {
  __u32 netns;
};

// tcp_prune -----------------------------------------------------------------------------------

#define NETSTACK_PRUNE_COLLAPSE 0
#define NETSTACK_PRUNE_OUT_OF_ORDER 1
#define NETSTACK_PRUNE_OPERATIONS 2

// [CPU]
struct netstack_prune_row {
  __u64 lost;  // Begun, with no room to remember when.
  struct netstack_times times[NETSTACK_PRUNE_OPERATIONS];
};

// accept_wait ---------------------------------------------------------------------------------

#define NETSTACK_ACCEPT_WAITING 16384  // Most connections that wait at a time.
#define NETSTACK_ACCEPT_SHIFT 10       // Bins are of units of 2^10 nanoseconds.

// [CPU]
struct netstack_accept_row {
  __u64 lost;                                         // Connections beyond the most.
  struct netstack_times waits[NETSTACK_PEAK_GROUPS];  // By the listening port's group.
};

// Fixed when the programs are loaded.
struct netstack_accept_config {
  __u32 netns;
  __s32 accept;  // Numbers of the system calls.
  __s32 accept4;
};

// Changed by the exporter while the programs run.
struct netstack_accept_settings {
  __u8 in[65536];  // Group by listening port; 0: not timed.
};

// irq -----------------------------------------------------------------------------------------

#define NETSTACK_IRQ_NUMBERS 16384  // Interrupts with higher ones are not timed.
#define NETSTACK_IRQ_CARDS 64

// Time that interrupt handlers took, [CPU][row of the card]. Row 0 is nobody's.
struct netstack_irq_row {
  __u64 entered_at;  // When the handler that runs began.
  struct netstack_times times;
};

// Changed by the exporter while the programs run.
struct netstack_irq_settings {
  __u8 rows[NETSTACK_IRQ_NUMBERS];  // By interrupt; 0: not to be timed.
};
