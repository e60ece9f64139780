// Counts what polls do, and how long the network's softirqs wait and run.
#include "kernel/bpf/programs/kernel_types.h"

#include "kernel/bpf/programs/bins.h"
#include "kernel/bpf/programs/layouts.h"

#define NET_TX_SOFTIRQ 2
#define NET_RX_SOFTIRQ 3
#define PF_KTHREAD 0x00200000

const volatile struct netstack_napi_config config = {};
struct netstack_napi_settings settings = {};

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct netstack_napi_row);
} napi_rows SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct netstack_napi_queue_row);
} napi_queue_rows SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct netstack_softirq_row);
} softirq_rows SEC(".maps");

static __always_inline __u32 device_of(const struct napi_struct* napi) {
  struct net_device* device = napi->dev;
  if (!device || device->nd_net.net->ns.inum != config.netns) return NETSTACK_NAPI_OTHER;
  const __u32 index = device->ifindex;
  return index < NETSTACK_NAPI_DEVICES ? index : NETSTACK_NAPI_OTHER;
}

static __always_inline void count_by_queue(const struct napi_struct* napi, __u32 work,
                                           __u32 is_exhausted) {
  const __u32 id = napi->napi_id;
  const __u32 number = settings.rows[id & (NETSTACK_NAPI_IDS - 1)] & (NETSTACK_NAPI_QUEUES - 1);
  if (!number || settings.ids[number] != id) return;
  const __u32 key = bpf_get_smp_processor_id() * NETSTACK_NAPI_QUEUES + number;
  struct netstack_napi_queue_row* row = bpf_map_lookup_elem(&napi_queue_rows, &key);
  if (!row) return;
  row->polls += 1;
  row->work += work;
  row->exhausted += is_exhausted;
}

SEC("tp_btf/napi_poll")
int BPF_PROG(napi_poll, struct napi_struct* napi, int work, int budget) {
  const __u32 key = bpf_get_smp_processor_id() * NETSTACK_NAPI_DEVICES + device_of(napi);
  struct netstack_napi_row* row = bpf_map_lookup_elem(&napi_rows, &key);
  if (!row) return 0;
  const __u32 done = work > 0 ? work : 0;
  const __u32 is_exhausted = work >= budget;
  row->polls += 1;
  row->work += done;
  row->exhausted += is_exhausted;
  row->bins[bin_of((__u64)done + 1, NETSTACK_WORK_BINS - 1)] += 1;
  count_by_queue(napi, done, is_exhausted);
  return 0;
}

static __always_inline struct netstack_softirq_row* softirq_row(__u32 vector) {
  const __u32 key = bpf_get_smp_processor_id() * 2 + (vector == NET_RX_SOFTIRQ);
  return bpf_map_lookup_elem(&softirq_rows, &key);
}

static __always_inline int is_network(__u32 vector) {
  return vector == NET_RX_SOFTIRQ || vector == NET_TX_SOFTIRQ;
}

static __always_inline int is_ksoftirqd(const char* name) {
  return name[0] == 'k' && name[1] == 's' && name[2] == 'o' && name[3] == 'f' && name[4] == 't';
}

static __always_inline int running_context(void) {
  // Since Linux 5.11; asks programs that are no kernel threads for no name.
  if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_task_btf)) {
    const struct task_struct* task = (const struct task_struct*)bpf_get_current_task_btf();
    if (!(task->flags & PF_KTHREAD)) return NETSTACK_IN_INTERRUPT;
    return is_ksoftirqd(task->comm) ? NETSTACK_IN_KSOFTIRQD : NETSTACK_IN_INTERRUPT;
  }
  char name[16] = {};
  bpf_get_current_comm(name, sizeof name);
  return is_ksoftirqd(name) ? NETSTACK_IN_KSOFTIRQD : NETSTACK_IN_INTERRUPT;
}

static __always_inline __u32 bin_of_time(__u64 nanoseconds) {
  return bin_of(nanoseconds, NETSTACK_TIME_BINS - 1);
}

SEC("tp_btf/softirq_raise")
int BPF_PROG(softirq_raise, unsigned int vector) {
  if (!is_network(vector)) return 0;
  struct netstack_softirq_row* row = softirq_row(vector);
  if (row && !row->raised_at) row->raised_at = bpf_ktime_get_ns();
  return 0;
}

SEC("tp_btf/softirq_entry")
int BPF_PROG(softirq_entry, unsigned int vector) {
  if (!is_network(vector)) return 0;
  struct netstack_softirq_row* row = softirq_row(vector);
  if (!row) return 0;
  // Taken before anything else: who raises it again from here on means the next run.
  const __u64 raised_at = row->raised_at;
  row->raised_at = 0;
  const __u64 now = bpf_ktime_get_ns();
  row->entered_at = now;
  const __u32 context = running_context();
  row->context = context;
  if (!raised_at || now < raised_at) return 0;
  row->waiting[context][bin_of_time(now - raised_at)] += 1;
  row->waiting_sum[context] += now - raised_at;
  return 0;
}

SEC("tp_btf/softirq_exit")
int BPF_PROG(softirq_exit, unsigned int vector) {
  if (!is_network(vector)) return 0;
  struct netstack_softirq_row* row = softirq_row(vector);
  if (!row || !row->entered_at) return 0;
  const __u64 took = bpf_ktime_get_ns() - row->entered_at;
  const __u32 context = row->context & 1;
  row->entered_at = 0;
  row->running[context][bin_of_time(took)] += 1;
  row->running_sum[context] += took;
  return 0;
}

// The kernel shows its structures to programs with such a licence only.
char license_of_program[] SEC("license") = "Dual BSD/GPL";
