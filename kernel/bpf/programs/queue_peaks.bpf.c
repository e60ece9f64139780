// Keeps the highest depth of socket queues, looked at each time something is put into one.
#include "kernel/bpf/programs/kernel_types.h"

#include "kernel/bpf/programs/bins.h"
#include "kernel/bpf/programs/layouts.h"

#define AF_INET 2
#define AF_INET6 10
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define TCP_ESTABLISHED 1
#define TCP_FIN_WAIT1 4
#define TCP_FIN_WAIT2 5
#define TCP_LISTEN 10
#define TCPHDR_FIN 1

extern void* bpf_rdonly_cast(const void* object, __u32 type) __ksym __weak;

const volatile struct netstack_peak_config config = {};
struct netstack_peak_settings settings = {};

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct netstack_peak_area);
} peak_areas SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1);
  __type(key, struct netstack_socket_key);
  __type(value, struct netstack_socket_value);
} sockets SEC(".maps");

#define RAISE(place, value)                    \
  do {                                         \
    const __u32 raised = (value);              \
    if (raised > (place)) (place) = raised;    \
  } while (0)

// Raises a fill in 1/1024 without a division unless it rises.
#define RAISE_FILL(place, depth, limit)                                                 \
  do {                                                                                  \
    const __u64 scaled = (__u64)(depth) * NETSTACK_FILL_UNIT;                           \
    const __u64 bound = (__u32)(limit);                                                 \
    if (bound && scaled > (__u64)(place) * bound + bound - 1) (place) = scaled / bound; \
  } while (0)

// Where it is known to be one.
static __always_inline const struct tcp_sock* cast_to_tcp(const struct sock* sk) {
  return bpf_rdonly_cast(sk, bpf_core_type_id_kernel(struct tcp_sock));
}

// Verifiers before Linux 6.18 do not know that swapped bytes are still two: they are shown a mask,
// which the compiler must not take away again.
static __always_inline __u32 swapped(__be16 port) {
  __u32 swapped = __builtin_bswap16(port);
  asm volatile("" : "+r"(swapped));
  return swapped & 0xffff;
}

static __always_inline __u32 group_of(const struct sock* sk) {
  if (sk->__sk_common.skc_net.net->ns.inum != config.netns) return NETSTACK_PEAK_OTHER_NETNS;
  const __u32 group = settings.in[sk->__sk_common.skc_num];
  return group ? group : settings.out[swapped(sk->__sk_common.skc_dport)];
}

static __always_inline struct netstack_peak_area* own_area(void) {
  const __u32 key = bpf_get_smp_processor_id();
  return bpf_map_lookup_elem(&peak_areas, &key);
}

static __always_inline __u32 running_epoch(void) {
  return *(volatile __u32*)&settings.epoch;
}

// Empties the lane of a new epoch; the first who comes does it.
static __always_inline struct netstack_peak_lane* begun(struct netstack_peak_lane* lane,
                                                        __u32 epoch) {
  if (lane->epoch == epoch) return lane;
  lane->unread = lane->send_queue = lane->unsent = 0;
  lane->receive_memory = lane->send_memory = lane->receive_fill = lane->send_fill = 0;
  lane->accept_queue = lane->accept_fill = 0;
  lane->epoch = epoch;
  return lane;
}

static __always_inline struct netstack_peak_lane* lane_of(struct netstack_peak_area* area,
                                                          __u32 group) {
  const __u32 epoch = running_epoch();
  return begun(&area->lanes[epoch % NETSTACK_PEAK_LANES][group % NETSTACK_PEAK_GROUPS], epoch);
}

// What an event tells of a connection.
struct depths {
  __u32 unread;
  __u32 send_queue;
  __u32 added;  // Bytes about to be put into the receive queue.
};

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

static __always_inline void record_socket(const struct sock* sk, const struct tcp_sock* tcp,
                                          const struct depths* now) {
  if (sk->__sk_common.skc_net.net->ns.inum != config.netns) return;
  if (!settings.recorded[sk->__sk_common.skc_num] &&
      !settings.recorded[swapped(sk->__sk_common.skc_dport)]) {
    return;
  }
  struct netstack_socket_key key = {};
  fill_key(sk, &key);
  struct netstack_socket_value* value = bpf_map_lookup_elem(&sockets, &key);
  if (!value) {
    const struct netstack_socket_value empty = {};
    bpf_map_update_elem(&sockets, &key, &empty, BPF_NOEXIST);
    value = bpf_map_lookup_elem(&sockets, &key);
    if (!value) {
      __sync_fetch_and_add(&settings.sockets_lost, 1);
      return;
    }
  }
  const __u32 epoch = *(volatile __u32*)&settings.epoch;
  struct netstack_socket_lane* lane = &value->lanes[epoch % 2];
  if (lane->epoch != epoch) {
    lane->unread = lane->send_queue = 0;
    lane->epoch = epoch;
  }
  RAISE(lane->unread, now->unread);
  RAISE(lane->send_queue, now->send_queue);
  // One CPU at a time: all events of a connection happen under its lock.
  value->received_bytes = tcp->bytes_received + now->added;
  // Of these neither SYN nor FIN is a part.
  value->written_bytes =
      tcp->bytes_sent - tcp->bytes_retrans + (__u32)(tcp->write_seq - tcp->snd_nxt);
}

static __always_inline void raise_send(struct netstack_peak_lane* lane, const struct sock* sk,
                                       __u32 queue, __u32 unsent) {
  RAISE(lane->send_queue, queue);
  RAISE(lane->unsent, unsent);
  const __u32 memory = sk->sk_wmem_queued;
  RAISE(lane->send_memory, memory);
  RAISE_FILL(lane->send_fill, memory, sk->sk_sndbuf);
}

static __always_inline void raise_receive_memory(struct netstack_peak_lane* lane,
                                                 const struct sock* sk, __u32 memory) {
  RAISE(lane->receive_memory, memory);
  RAISE_FILL(lane->receive_fill, memory, sk->sk_rcvbuf);
}

// What tells a connection from others for as long as a segment is under way.
static __always_inline __u64 mark_of(const struct sock* sk) {
  const struct sock_common* common = &sk->__sk_common;
  return (__u64)common->skc_hash << 32 | (__u32)common->skc_num << 16 | common->skc_dport;
}

// Whether the segment may be refused for want of memory or window, or brings more than itself into
// order. What became of it is seen at sk_data_ready, unless nobody is woken.
static __always_inline int is_in_doubt(const struct sock* sk, const struct tcp_sock* tcp,
                                       __u32 memory, __u32 end) {
  if (memory <= (__u32)sk->sk_rcvbuf) {
    // The kernel expects the next segment to bring only itself, and has room announced for it.
    if (tcp->pred_flags) return 0;
    const int is_beyond_window = (__s32)(end - (tcp->rcv_wup + tcp->rcv_wnd)) > 0;
    if (!is_beyond_window && !tcp->out_of_order_queue.rb_node) return 0;
  }
  return config.sees_arrival && sk->sk_rcvlowat <= 1;
}

static __always_inline void add_unread(struct netstack_peak_area* area,
                                       struct netstack_peak_lane* lane, __u32 unread,
                                       __u32 added) {
  lane->received_bytes += added;
  RAISE(lane->unread, unread);
  area->unread[bin_of_depth(unread)] += 1;
  lane->unread_sum += unread;
}

// A segment of an established connection, before it is queued and before its acknowledgement is
// looked at: the send queue is as full as it will be, and the receive queue is about to take what
// is new and in order of the segment.
static __always_inline int segment_comes(struct sock* sk, const struct tcp_sock* tcp,
                                         const struct sk_buff* skb) {
  const struct tcp_skb_cb* segment = (const struct tcp_skb_cb*)&skb->cb[0];
  const __u32 end = segment->end_seq - (segment->tcp_flags & TCPHDR_FIN);
  const __u32 seq = segment->seq;
  const __u32 write_seq = tcp->write_seq;
  const __u32 queue = write_seq - tcp->snd_una;
  if (end == seq && !queue) return 0;
  struct netstack_peak_area* area = own_area();
  if (!area) return 0;
  struct netstack_peak_lane* lane = lane_of(area, group_of(sk));
  struct depths now = {.send_queue = queue};
  if (queue) {
    raise_send(lane, sk, queue, write_seq - tcp->snd_nxt);
    area->send_queue[bin_of_depth(queue)] += 1;
    lane->send_queue_sum += queue;
  }
  if (end != seq) {
    const __u32 next = tcp->rcv_nxt;
    const __u32 memory = sk->sk_backlog.rmem_alloc.counter;
    const int is_next = (__s32)(end - next) > 0 && (__s32)(seq - next) <= 0;
    if (is_next && is_in_doubt(sk, tcp, memory, end)) {
      now.unread = next - tcp->copied_seq;
      RAISE(lane->unread, now.unread);
      area->doubted = mark_of(sk);
      area->doubted_next = next;
    } else {
      raise_receive_memory(lane, sk, memory + skb->truesize);
      if (is_next) {
        now.added = end - next;
        now.unread = end - tcp->copied_seq;
        add_unread(area, lane, now.unread, now.added);
      }
    }
  }
  if (config.per_socket) record_socket(sk, tcp, &now);
  return 0;
}

// By the name of the type: costs nothing, since Linux 6.2.
SEC("tp_btf/tcp_probe")
int BPF_PROG(tcp_probe, struct sock* sk, struct sk_buff* skb) {
  return segment_comes(sk, cast_to_tcp(sk), skb);
}

// By a call that takes a fifth of the whole program's time.
SEC("tp_btf/tcp_probe")
int BPF_PROG(tcp_probe_checked, struct sock* sk, struct sk_buff* skb) {
  const struct tcp_sock* tcp = bpf_skc_to_tcp_sock(sk);
  return tcp ? segment_comes(sk, tcp, skb) : 0;
}

static __always_inline void listener_ready(const struct sock* sk) {
  struct netstack_peak_area* area = own_area();
  if (!area) return;
  const __u32 group = group_of(sk);
  struct netstack_peak_lane* lane = lane_of(area, group);
  const __u32 queue = sk->sk_ack_backlog;
  area->arrivals[group % NETSTACK_PEAK_GROUPS] += 1;
  RAISE(lane->accept_queue, queue);
  RAISE_FILL(lane->accept_fill, queue, sk->sk_max_ack_backlog);
}

static __always_inline void datagram_ready(const struct sock* sk) {
  struct netstack_peak_area* area = own_area();
  if (!area) return;
  const __u32 epoch = running_epoch();
  raise_receive_memory(begun(&area->datagram[epoch % NETSTACK_PEAK_LANES], epoch), sk,
                       sk->sk_backlog.rmem_alloc.counter);
}

// Established or waiting for the peer's FIN: later the FIN counts as a byte.
static __always_inline int is_before_fin(__u32 state) {
  return state == TCP_ESTABLISHED || state == TCP_FIN_WAIT1 || state == TCP_FIN_WAIT2;
}

static __always_inline int connection_ready(struct sock* sk, __u32 state) {
  struct netstack_peak_area* area = own_area();
  if (!area) return 0;
  const __u64 doubted = area->doubted;
  if (!doubted && state == TCP_ESTABLISHED) return 0;
  const int was_in_doubt = doubted == mark_of(sk);
  if (!was_in_doubt && state == TCP_ESTABLISHED) return 0;
  const struct tcp_sock* tcp = bpf_skc_to_tcp_sock(sk);
  if (!tcp) return 0;
  struct netstack_peak_lane* lane = lane_of(area, group_of(sk));
  const __u32 next = tcp->rcv_nxt - !is_before_fin(state);
  const __u32 unread = next - tcp->copied_seq;
  if (was_in_doubt) {
    area->doubted = 0;
    add_unread(area, lane, unread, next - area->doubted_next);
  }
  RAISE(lane->unread, unread);
  raise_receive_memory(lane, sk, sk->sk_backlog.rmem_alloc.counter);
  if (config.per_socket) {
    const struct depths now = {.unread = unread, .send_queue = tcp->write_seq - tcp->snd_una};
    record_socket(sk, tcp, &now);
  }
  return 0;
}

// Something was put into a receive queue or an accept queue. Of established connections tcp_probe
// has seen most.
SEC("tp_btf/sk_data_ready")
int BPF_PROG(sk_data_ready, struct sock* sk) {
  const __u32 family = sk->__sk_common.skc_family;
  if (family != AF_INET && family != AF_INET6) return 0;
  const __u32 protocol = sk->sk_protocol;
  if (protocol == IPPROTO_UDP) {
    datagram_ready(sk);
    return 0;
  }
  if (protocol != IPPROTO_TCP) return 0;
  const __u32 state = sk->__sk_common.skc_state;
  if (state != TCP_LISTEN) return connection_ready(sk, state);
  listener_ready(sk);
  return 0;
}

// Both places are younger than the cast.
static __always_inline void look_at_send_queue(struct sock* sk) {
  const struct tcp_sock* tcp = cast_to_tcp(sk);
  const __u32 write_seq = tcp->write_seq;
  const __u32 queue = write_seq - tcp->snd_una;
  if (!queue) return;
  struct netstack_peak_area* area = own_area();
  if (!area) return;
  raise_send(lane_of(area, group_of(sk)), sk, queue, write_seq - tcp->snd_nxt);
  if (config.per_socket) {
    const struct depths now = {.unread = tcp->rcv_nxt - tcp->copied_seq, .send_queue = queue};
    record_socket(sk, tcp, &now);
  }
}

// Each turn of the loop that fills the send queue, since Linux 6.16: sees what a peer that does not
// acknowledge leaves behind.
SEC("tp_btf/tcp_sendmsg_locked")
int BPF_PROG(tcp_sendmsg_locked, struct sock* sk) {
  look_at_send_queue(sk);
  return 0;
}

// The end of each send, since Linux 6.3; where the former is not there.
SEC("tp_btf/sock_send_length")
int BPF_PROG(sock_send_length, struct sock* sk) {
  const __u32 family = sk->__sk_common.skc_family;
  if ((family != AF_INET && family != AF_INET6) || sk->sk_protocol != IPPROTO_TCP) return 0;
  look_at_send_queue(sk);
  return 0;
}

// The kernel shows its structures to programs with such a licence only.
char license_of_program[] SEC("license") = "Dual BSD/GPL";
