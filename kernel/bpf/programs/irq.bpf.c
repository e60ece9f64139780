// Times the handlers of network cards' interrupts.
#include "kernel/bpf/programs/kernel_types.h"

#include "kernel/bpf/programs/bins.h"
#include "kernel/bpf/programs/layouts.h"

// Nothing is configured, but the loader fills it.
const volatile __u32 config = 0;
struct netstack_irq_settings settings = {};

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct netstack_irq_row);
} irq_rows SEC(".maps");

static __always_inline __u32 number_of(__u32 irq) {
  if (irq >= NETSTACK_IRQ_NUMBERS) return 0;
  // Older verifiers do not see the bound; the compiler does, and would drop the mask.
  asm volatile("" : "+r"(irq));
  return settings.rows[irq & (NETSTACK_IRQ_NUMBERS - 1)] & (NETSTACK_IRQ_CARDS - 1);
}

// Null for interrupts that are not to be timed.
static __always_inline struct netstack_irq_row* row_of(__u32 irq) {
  const __u32 number = number_of(irq);
  if (!number) return 0;
  const __u32 key = bpf_get_smp_processor_id() * NETSTACK_IRQ_CARDS + number;
  return bpf_map_lookup_elem(&irq_rows, &key);
}

// Handlers of one CPU run one after the other, with interrupts off.
SEC("tp_btf/irq_handler_entry")
int BPF_PROG(irq_handler_entry, int irq) {
  struct netstack_irq_row* row = row_of(irq);
  if (row) row->entered_at = bpf_ktime_get_ns();
  return 0;
}

SEC("tp_btf/irq_handler_exit")
int BPF_PROG(irq_handler_exit, int irq) {
  struct netstack_irq_row* row = row_of(irq);
  // The number may have become the card's while the handler ran.
  if (!row || !row->entered_at) return 0;
  const __u64 took = bpf_ktime_get_ns() - row->entered_at;
  row->entered_at = 0;
  row->times.bins[bin_of(took, NETSTACK_TIME_BINS - 1)] += 1;
  row->times.sum += took;
  return 0;
}

// The kernel shows its structures to programs with such a licence only.
char license_of_program[] SEC("license") = "Dual BSD/GPL";
