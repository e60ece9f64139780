// Times how long the kernel merges and throws away segments of connections whose receive buffer is
// full. Nothing of this runs otherwise.
#include "kernel/bpf/programs/kernel_types.h"

#include "kernel/bpf/programs/bins.h"
#include "kernel/bpf/programs/layouts.h"

const volatile __u32 config = 0;

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct netstack_prune_row);
} prune_rows SEC(".maps");

// What is under way. Not kept by CPU: a program that releases its socket prunes in its own time,
// may go to another CPU meanwhile, and softirqs prune other connections within that time.
struct started_key {
  __u64 socket;
  __u64 operation;
};
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1024);
  __type(key, struct started_key);
  __type(value, __u64);
} started SEC(".maps");

static __always_inline struct netstack_prune_row* own_row(void) {
  const __u32 key = bpf_get_smp_processor_id();
  return bpf_map_lookup_elem(&prune_rows, &key);
}

static __always_inline int start(const struct sock* sk, __u64 operation) {
  const struct started_key key = {.socket = (__u64)sk, .operation = operation};
  const __u64 now = bpf_ktime_get_ns();
  if (bpf_map_update_elem(&started, &key, &now, BPF_ANY) == 0) return 0;
  struct netstack_prune_row* row = own_row();
  if (row) __sync_fetch_and_add(&row->lost, 1);
  return 0;
}

static __always_inline int end(const struct sock* sk, __u64 operation) {
  const struct started_key key = {.socket = (__u64)sk, .operation = operation};
  const __u64* started_at = bpf_map_lookup_elem(&started, &key);
  if (!started_at) return 0;
  const __u64 duration = bpf_ktime_get_ns() - *started_at;
  bpf_map_delete_elem(&started, &key);
  struct netstack_prune_row* row = own_row();
  if (!row) return 0;
  struct netstack_times* times = &row->times[operation];
  __sync_fetch_and_add(&times->bins[bin_of(duration, NETSTACK_TIME_BINS - 1)], 1);
  __sync_fetch_and_add(&times->sum, duration);
  return 0;
}

SEC("fentry/tcp_collapse")
int BPF_PROG(tcp_collapse_start, struct sock* sk) {
  return start(sk, NETSTACK_PRUNE_COLLAPSE);
}

SEC("fexit/tcp_collapse")
int BPF_PROG(tcp_collapse_end, struct sock* sk) {
  return end(sk, NETSTACK_PRUNE_COLLAPSE);
}

SEC("fentry/tcp_prune_ofo_queue")
int BPF_PROG(tcp_prune_start, struct sock* sk) {
  return start(sk, NETSTACK_PRUNE_OUT_OF_ORDER);
}

SEC("fexit/tcp_prune_ofo_queue")
int BPF_PROG(tcp_prune_end, struct sock* sk) {
  return end(sk, NETSTACK_PRUNE_OUT_OF_ORDER);
}

// The kernel shows its structures to programs with such a licence only.
char license_of_program[] SEC("license") = "Dual BSD/GPL";
