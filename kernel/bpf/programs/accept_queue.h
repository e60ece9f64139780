// When a connection is put into an accept queue, by the tracepoint inet_sock_set_state.
#pragma once

#include "kernel/bpf/programs/kernel_types.h"

#define TCP_ESTABLISHED 1
#define TCP_SYN_RECV 3

// It is in the queue when it becomes established, and the listener is told after. One that a
// program has already is in none: opened from here, or with TCP Fast Open, whose data came with the
// SYN.
static __always_inline int enters_accept_queue(const struct sock* sk, int from, int to) {
  return from == TCP_SYN_RECV && to == TCP_ESTABLISHED && !sk->sk_socket;
}
