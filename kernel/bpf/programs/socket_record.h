// Keeps single connections apart, for the subcommand record.
#pragma once

#include "kernel/bpf/programs/kernel_types.h"
#include "kernel/bpf/programs/layouts.h"
#include "kernel/bpf/programs/peak_lanes.h"

#define AF_INET6 10

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1);
  __type(key, struct netstack_socket_key);
  __type(value, struct netstack_socket_value);
} sockets SEC(".maps");

static __always_inline void fill_key(const struct sock* sk, struct netstack_socket_key* key) {
  const struct sock_common* common = &sk->__sk_common;
  if (common->skc_family == AF_INET6) {
#pragma unroll
    for (int i = 0; i < 16; ++i) {
      key->local[i] = common->skc_v6_rcv_saddr.in6_u.u6_addr8[i];
      key->remote[i] = common->skc_v6_daddr.in6_u.u6_addr8[i];
    }
  } else {
    key->local[10] = key->local[11] = key->remote[10] = key->remote[11] = 0xff;
    *(__be32*)&key->local[12] = common->skc_rcv_saddr;
    *(__be32*)&key->remote[12] = common->skc_daddr;
  }
  key->local_port = common->skc_num;
  key->remote_port = swapped(common->skc_dport);
}

static __always_inline struct netstack_socket_value* value_of(const struct sock* sk) {
  struct netstack_socket_key key = {};
  fill_key(sk, &key);
  struct netstack_socket_value* value = bpf_map_lookup_elem(&sockets, &key);
  if (value) return value;
  const struct netstack_socket_value empty = {};
  bpf_map_update_elem(&sockets, &key, &empty, BPF_NOEXIST);
  value = bpf_map_lookup_elem(&sockets, &key);
  if (!value) __sync_fetch_and_add(&settings.sockets_lost, 1);
  return value;
}

// `added`: bytes about to be put into the receive queue. A function of its own: what it needs of
// the stack is no burden to the programs that never call it.
static __noinline int record_socket(const struct sock* sk, const struct tcp_sock* tcp, __u32 unread,
                                    __u32 send_queue, __u32 added) {
  if (sk->__sk_common.skc_net.net->ns.inum != config.netns) return 0;
  if (!settings.recorded[sk->__sk_common.skc_num] &&
      !settings.recorded[swapped(sk->__sk_common.skc_dport)]) {
    return 0;
  }
  struct netstack_socket_value* value = value_of(sk);
  if (!value) return 0;
  const __u32 epoch = running_era();
  struct netstack_socket_lane* lane = &value->lanes[epoch % 2];
  if (lane->epoch != epoch) {
    lane->unread = lane->send_queue = 0;
    lane->epoch = epoch;
  }
  RAISE(lane->unread, unread);
  RAISE(lane->send_queue, send_queue);
  // One CPU at a time: all events of a connection happen under its lock.
  value->received_bytes = tcp->bytes_received + added;
  // Of these neither SYN nor FIN is a part.
  value->written_bytes =
      tcp->bytes_sent - tcp->bytes_retrans + (__u32)(tcp->write_seq - tcp->snd_nxt);
  return 0;
}
