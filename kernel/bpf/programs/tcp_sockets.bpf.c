// Tells of every TCP socket of a network namespace, or of the listening ones, to who reads the
// iterator: nothing runs at any other time.
#include "kernel/bpf/programs/kernel_types.h"

#include "kernel/bpf/programs/tcp_sockets.h"

enum { ESTABLISHED = 1, SYN_RECV = 3, TIME_WAIT = 6, LISTEN = 10, NEW_SYN_RECV = 12 };
enum { AF_INET6 = 10 };

// The loader sets all of .rodata.
const volatile __u32 unused = 0;

static __always_inline __u32 at_least_0(__u32 difference) {
  return (__s32)difference > 0 ? difference : 0;
}

static __always_inline void read_address(const struct sock_common* sk,
                                         struct netstack_tcp_socket* out) {
  out->local_port = sk->skc_num;
  out->remote_port = __builtin_bswap16(sk->skc_dport);
  out->is_ipv6 = sk->skc_family == AF_INET6;
  if (!out->is_ipv6) {
    out->local[0] = sk->skc_rcv_saddr;
    out->remote[0] = sk->skc_daddr;
    return;
  }
#pragma unroll
  for (int i = 0; i < 4; ++i) {
    out->local[i] = sk->skc_v6_rcv_saddr.in6_u.u6_addr32[i];
    out->remote[i] = sk->skc_v6_daddr.in6_u.u6_addr32[i];
  }
}

// As tcp_get_info_chrono_stats() adds them up.
static __always_inline void read_times(const struct tcp_sock* tcp,
                                       struct netstack_tcp_socket* out) {
  const __u32 running = BPF_CORE_READ_BITFIELD(tcp, chrono_type);
  const __u32 lasting = (__u32)bpf_jiffies64() - tcp->chrono_start;
  const __u32 times[3] = {tcp->chrono_stat[0] + (running == 1 ? lasting : 0),
                          tcp->chrono_stat[1] + (running == 2 ? lasting : 0),
                          tcp->chrono_stat[2] + (running == 3 ? lasting : 0)};
  out->busy[0] = times[0] + times[1] + times[2];
  out->busy[1] = times[1];
  out->busy[2] = times[2];
}

static __always_inline void read_details(const struct tcp_sock* tcp,
                                         struct netstack_tcp_socket* out) {
  const struct sock* sk = &tcp->inet_conn.icsk_inet.sk;
  out->has_details = 1;
  out->receive_memory = sk->sk_backlog.rmem_alloc.counter;
  out->receive_limit = sk->sk_rcvbuf;
  out->transmit_memory = sk->sk_wmem_queued;
  out->transmit_limit = sk->sk_sndbuf;
  if (out->state == LISTEN) {
    out->receive_queue = sk->sk_ack_backlog;
    out->transmit_queue = sk->sk_max_ack_backlog;
    out->syn_queue = tcp->inet_conn.icsk_accept_queue.qlen.counter;
    return;
  }
  out->receive_queue = at_least_0(tcp->rcv_nxt - tcp->copied_seq);
  out->transmit_queue = tcp->write_seq - tcp->snd_una;
  out->rtt_us = tcp->srtt_us >> 3;
  out->congestion_window = tcp->snd_cwnd;
  out->retransmitted = tcp->total_retrans;
  out->unsent = at_least_0(tcp->write_seq - tcp->snd_nxt);
  read_times(tcp, out);
}

static __always_inline void write_socket(struct bpf_iter__tcp* context, struct sock_common* sk) {
  struct netstack_tcp_socket out = {};
  out.state = sk->skc_state;
  read_address(sk, &out);
  if (out.state == TIME_WAIT) {
    const struct tcp_timewait_sock* waiting = bpf_skc_to_tcp_timewait_sock(sk);
    if (waiting) out.state = waiting->tw_sk.tw_substate;
  } else if (out.state == NEW_SYN_RECV) {
    out.state = SYN_RECV;
  } else {
    const struct tcp_sock* tcp = bpf_skc_to_tcp_sock(sk);
    if (tcp) read_details(tcp, &out);
  }
  bpf_seq_write(context->meta->seq, &out, sizeof out);
}

SEC("iter/tcp")
int tcp_sockets(struct bpf_iter__tcp* context) {
  struct sock_common* sk = context->sk_common;
  if (sk) write_socket(context, sk);
  return 0;
}

// The kernel lists listeners first: at the first other socket it is asked to stop, and reading
// fails with EAGAIN.
SEC("iter/tcp")
int tcp_listeners(struct bpf_iter__tcp* context) {
  struct sock_common* sk = context->sk_common;
  if (!sk) return 0;
  if (sk->skc_state != LISTEN) return 1;
  write_socket(context, sk);
  return 0;
}

// The kernel shows its structures to programs with such a licence only.
char license_of_program[] SEC("license") = "Dual BSD/GPL";
