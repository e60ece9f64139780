// For loader_test.cc: programs that the kernel takes, refuses, or takes and does not attach.
#include "kernel/bpf/programs/kernel_types.h"

const volatile __u32 config = 0;
struct {
  __u32 runs_within;
  __u32 runs_first;
} counts = {};

// Arguments that the tracepoint has not: seen when it is attached.
#define BEYOND(name)                    \
  SEC("raw_tp/sys_enter")               \
  int name(__u64* arguments) {          \
    counts.runs_within += arguments[7]; \
    return 0;                           \
  }
BEYOND(beyond)
BEYOND(beyond_too)

// Memory that is nobody's: seen by the verifier.
SEC("raw_tp/sys_enter")
int refused(__u64* arguments) {
  return *(volatile __u32*)arguments[0];
}

SEC("tp_btf/netstack_no_such_place")
int missing(__u64* arguments) {
  return 0;
}

SEC("tp_btf/sys_enter")
int within(__u64* arguments) {
  counts.runs_within += 1;
  return 0;
}

SEC("tp_btf/sys_exit")
int first(__u64* arguments) {
  counts.runs_first += 1;
  return 0;
}

char license_of_program[] SEC("license") = "Dual BSD/GPL";
