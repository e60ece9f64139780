// What the programs over all TCP sockets write for each: plain C for both sides.
#pragma once

#ifndef __bpf__
#include <linux/types.h>
#endif

// Addresses in network byte order, IPv4 in the first four bytes; ports in the machine's.
struct netstack_tcp_socket {
  __u32 local[4];
  __u32 remote[4];
  __u16 local_port;
  __u16 remote_port;
  __u8 is_ipv6;
  __u8 state;        // As sock_diag tells it.
  __u8 has_details;  // 0: TIME_WAIT or SYN_RECV, and all below is 0.
  __u8 unused;
  __u32 receive_queue;   // LISTEN: connections to accept.
  __u32 transmit_queue;  // LISTEN: limit of those.
  __u32 receive_memory;
  __u32 receive_limit;
  __u32 transmit_memory;
  __u32 transmit_limit;
  __u32 rtt_us;
  __u32 congestion_window;
  __u32 retransmitted;
  __u32 unsent;
  __u32 busy[3];    // Ticks of the kernel: sending; of them in rwnd_limited, in sndbuf_limited.
  __u32 syn_queue;  // LISTEN: connections in SYN_RECV.
};
