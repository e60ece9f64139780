// Keeps the highest depth of socket queues, looked at each time something is put into one.
#include "kernel/bpf/programs/kernel_types.h"

#include "kernel/bpf/programs/accept_queue.h"
#include "kernel/bpf/programs/bins.h"
#include "kernel/bpf/programs/layouts.h"
#include "kernel/bpf/programs/peak_lanes.h"
#include "kernel/bpf/programs/socket_record.h"

#define AF_INET 2
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define TCP_FIN_WAIT1 4
#define TCP_FIN_WAIT2 5
#define TCP_LISTEN 10
#define TCPHDR_FIN 1

extern void* bpf_rdonly_cast(const void* object, __u32 type) __ksym __weak;

// Where it is known to be one.
static __always_inline const struct tcp_sock* cast_to_tcp(const struct sock* sk) {
  return bpf_rdonly_cast(sk, bpf_core_type_id_kernel(struct tcp_sock));
}

// The kernel expects the next segment to bring only itself, and has room announced for it.
static __always_inline int is_expected(const struct sock* sk, const struct tcp_sock* tcp,
                                       __u32 memory) {
  return memory <= (__u32)sk->sk_rcvbuf && tcp->pred_flags;
}

// Whether the segment may be refused for want of memory or window, or brings more than itself into
// order. What became of it is seen at sk_data_ready, unless nobody is woken.
static __noinline int is_in_doubt(const struct sock* sk, const struct tcp_sock* tcp, __u32 memory,
                                  __u32 end) {
  if (memory <= (__u32)sk->sk_rcvbuf) {
    const int is_beyond_window = (__s32)(end - (tcp->rcv_wup + tcp->rcv_wnd)) > 0;
    if (!is_beyond_window && !tcp->out_of_order_queue.rb_node) return 0;
  }
  return config.sees_arrival && sk->sk_rcvlowat <= 1;
}

static __always_inline void add_unread(struct netstack_peak_area* area,
                                       struct netstack_peak_lane* lane, __u32 unread,
                                       __u32 added, __u64 era) {
  lane->received_bytes += added;
  RAISE(lane->unread, unread);
  if (NETSTACK_UNLIKELY(era & NETSTACK_PEAK_ALL)) {
    area->unread[bin_of_depth(unread)] += 1;
    lane->unread_sum += unread;
  }
}

// Takes values from memory here and now, at the same time: what they cost is to wait for it, and what
// is asked for behind a branch on one of them would wait again. The compiler must not put it off.
#define TAKE2(first, second) asm volatile("" : "+r"(first), "+r"(second))
#define TAKE3(first, second, third) asm volatile("" : "+r"(first), "+r"(second), "+r"(third))

// A segment of an established connection, before it is queued and before its acknowledgement is
// looked at: the send queue is as full as it will be, and the receive queue is about to take what
// is new and in order of the segment.
static __always_inline int segment_comes(struct sock* sk, const struct tcp_sock* tcp,
                                         const struct sk_buff* skb) {
  struct netstack_peak_area* area = own_area();
  if (!area) return 0;
  const __u64 mark = mark_of(sk), era = running_era();
  struct netstack_peak_place* place = place_of(area, mark);
  struct netstack_peak_lane* lane = lane_of(area, place, sk, mark, era);
  if (!lane) return 0;
  const struct tcp_skb_cb* segment = (const struct tcp_skb_cb*)&skb->cb[0];
  const __u32 end = segment->end_seq - (segment->tcp_flags & TCPHDR_FIN);
  const __u32 seq = segment->seq;
  __u32 written = tcp->write_seq, acknowledged = tcp->snd_una;
  __u32 next = 0, copied = 0, memory = 0;
  TAKE2(written, acknowledged);
  if (end != seq) {
    next = tcp->rcv_nxt;
    copied = tcp->copied_seq;
    memory = sk->sk_backlog.rmem_alloc.counter;
    TAKE3(next, copied, memory);
  }
  const __u32 queue = written - acknowledged;
  if (end == seq && !queue) return 0;
  if (queue) {
    raise_send(lane, sk, tcp, queue, era);
    if (NETSTACK_UNLIKELY(era & NETSTACK_PEAK_ALL)) {
      area->send_queue[bin_of_depth(queue)] += 1;
      lane->send_queue_sum += queue;
    }
  }
  __u32 unread = 0, added = 0;
  if (end != seq) {
    const int is_next = (__s32)(end - next) > 0 && (__s32)(seq - next) <= 0;
    place->doubted = 0;
    if (is_next && !NETSTACK_LIKELY(is_expected(sk, tcp, memory)) &&
        is_in_doubt(sk, tcp, memory, end)) {
      unread = next - copied;
      RAISE(lane->unread, unread);
      place->doubted = 1;
      place->doubted_next = next;
    } else {
      raise_receive_memory(lane, sk, memory + skb->truesize);
      if (is_next) {
        added = end - next;
        unread = end - copied;
        add_unread(area, lane, unread, added, era);
      }
    }
  }
  if (config.per_socket) record_socket(sk, tcp, unread, queue, added);
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

// `sk`: the listener, or a connection of its port.
static __always_inline void listener_ready(struct netstack_peak_area* area, const struct sock* sk,
                                           __u32 queue) {
  const __u32 group = group_of(sk);
  const __u32 epoch = running_era();
  struct netstack_peak_lane* lane = begun(&area->lanes[number_of_lane(epoch, group)], epoch);
  area->arrivals[group % NETSTACK_PEAK_GROUPS] += 1;
  RAISE(lane->accept_queue, queue);
  RAISE_FILL(lane->accept_fill, queue, sk->sk_max_ack_backlog);
}

static __always_inline void datagram_ready(struct netstack_peak_area* area, const struct sock* sk) {
  const __u32 epoch = running_era();
  raise_receive_memory(begun(&area->datagram[epoch % NETSTACK_PEAK_LANES], epoch), sk,
                       sk->sk_backlog.rmem_alloc.counter);
}

// Established or waiting for the peer's FIN: later the FIN counts as a byte.
static __always_inline int is_before_fin(__u32 state) {
  return state == TCP_ESTABLISHED || state == TCP_FIN_WAIT1 || state == TCP_FIN_WAIT2;
}

static __always_inline int connection_ready(struct netstack_peak_area* area,
                                            struct netstack_peak_place* place, struct sock* sk,
                                            __u64 mark, __u32 state) {
  const int was_in_doubt = place->mark == mark && place->doubted;
  if (!was_in_doubt && state == TCP_ESTABLISHED) return 0;
  const __u32 doubted_next = place->doubted_next;
  const struct tcp_sock* tcp = bpf_skc_to_tcp_sock(sk);
  if (!tcp) return 0;
  const __u64 era = running_era();
  struct netstack_peak_lane* lane = lane_of(area, place, sk, mark, era);
  if (!lane) return 0;
  const __u32 next = tcp->rcv_nxt - !is_before_fin(state);
  const __u32 unread = next - tcp->copied_seq;
  if (was_in_doubt) add_unread(area, lane, unread, next - doubted_next, era);
  place->doubted = 0;
  RAISE(lane->unread, unread);
  raise_receive_memory(lane, sk, sk->sk_backlog.rmem_alloc.counter);
  if (config.per_socket) record_socket(sk, tcp, unread, tcp->write_seq - tcp->snd_una, 0);
  return 0;
}

// Something was put into a receive queue or an accept queue. Of established connections tcp_probe
// has seen most.
SEC("tp_btf/sk_data_ready")
int BPF_PROG(sk_data_ready, struct sock* sk) {
  struct netstack_peak_area* area = own_area();
  if (!area) return 0;
  const __u32 state = sk->__sk_common.skc_state;
  const __u64 mark = mark_of(sk);
  struct netstack_peak_place* place = place_of(area, mark);
  if (NETSTACK_LIKELY(place->mark == mark && state == TCP_ESTABLISHED && !place->doubted)) return 0;
  const __u32 family = sk->__sk_common.skc_family;
  if (family != AF_INET && family != AF_INET6) return 0;
  const __u32 protocol = sk->sk_protocol;
  if (protocol == IPPROTO_UDP) {
    datagram_ready(area, sk);
    return 0;
  }
  if (protocol != IPPROTO_TCP) return 0;
  if (state == TCP_LISTEN) {
    listener_ready(area, sk, sk->sk_ack_backlog);
    return 0;
  }
  return connection_ready(area, place, sk, mark, state);
}

// Where nothing tells of listeners: a connection began as a copy of its listener, so that it has the
// queue's length before it, and its limit.
SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(accept_queue, const struct sock* sk, int from, int to) {
  if (!enters_accept_queue(sk, from, to)) return 0;
  struct netstack_peak_area* area = own_area();
  if (area) listener_ready(area, sk, sk->sk_ack_backlog + 1);
  return 0;
}

// Both places are younger than the cast.
static __always_inline void look_at_send_queue(struct sock* sk) {
  struct netstack_peak_area* area = own_area();
  if (!area) return;
  const __u64 mark = mark_of(sk), era = running_era();
  struct netstack_peak_lane* lane = lane_of(area, place_of(area, mark), sk, mark, era);
  if (!lane) return;
  const struct tcp_sock* tcp = cast_to_tcp(sk);
  const __u32 queue = tcp->write_seq - tcp->snd_una;
  if (!queue) return;
  raise_send(lane, sk, tcp, queue, era);
  if (config.per_socket) record_socket(sk, tcp, tcp->rcv_nxt - tcp->copied_seq, queue, 0);
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
