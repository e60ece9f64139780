// Counts every packet that the kernel throws away, by reason.
#include "kernel/bpf/programs/kernel_types.h"

#include "kernel/bpf/programs/layouts.h"

const volatile struct netstack_drop_config config = {};
struct netstack_drop_settings settings = {};

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct netstack_drop_row);
} drop_rows SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct netstack_drop_device_row);
} drop_device_rows SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct netstack_drop_unclaimed);
} drop_unclaimed SEC(".maps");

static __always_inline __u32 cell_of(__u32 reason) {
  __u32 subsystem = reason >> 16;
  __u32 number = reason & 0xffff;
  if (subsystem > NETSTACK_DROP_SUBSYSTEMS - 1) subsystem = NETSTACK_DROP_SUBSYSTEMS - 1;
  if (number > NETSTACK_DROP_FIRST_PLACE - 1) number = NETSTACK_DROP_REASONS - 1;
  __u32 cell = subsystem * NETSTACK_DROP_REASONS + number;
  // Older verifiers do not see the bound of the sum; the compiler does, and would drop the mask.
  asm volatile("" : "+r"(cell));
  return cell & (NETSTACK_DROP_CELLS - 1);
}

// The cell of the function that threw the packet away, or 0.
static __always_inline __u32 cell_of_place(__u64 location) {
  __u64 cell = 0;
#pragma unroll
  for (int i = 0; i < NETSTACK_DROP_PARTS; ++i) {
    if (location - config.parts[i].start < config.parts[i].size) cell = config.parts[i].cell;
  }
  return cell & (NETSTACK_DROP_CELLS - 1);
}

static __always_inline struct netstack_drop_row* row_of(__u32 cell) {
  const __u32 key = bpf_get_smp_processor_id() * NETSTACK_DROP_CELLS + cell;
  return bpf_map_lookup_elem(&drop_rows, &key);
}

// A packet of a local program has no device until it is routed, but its socket.
static __always_inline __u32 netns_of(const struct sk_buff* skb) {
  const struct net_device* device = skb->dev;
  if (device) return device->nd_net.net->ns.inum;
  const struct sock* sk = skb->sk;
  return sk ? sk->__sk_common.skc_net.net->ns.inum : 0;
}

// The device of a route that ends here is one of the namespace, if not the one the packet came by.
static __always_inline __u32 netns_of_route(const struct sk_buff* skb) {
  struct dst_entry* route = (struct dst_entry*)(skb->_skb_refdst & ~1UL);
  return route ? BPF_CORE_READ(route, dev, nd_net.net, ns.inum) : 0;
}

// The device of ours at which the packet was thrown away, or, at a socket, by which it came; 0 where
// neither is known.
static __always_inline __u32 device_of(const struct sk_buff* skb, const struct sock* receiver,
                                       __u32 flags) {
  if (flags & NETSTACK_DROP_AT_DEVICE) {
    const struct net_device* device = skb->dev;
    if (device) return device->nd_net.net->ns.inum == config.netns ? device->ifindex : 0;
  }
  if (!config.knows_socket) {
    if (!(flags & NETSTACK_DROP_AT_SOCKET) || netns_of_route(skb) != config.netns) return 0;
    return skb->skb_iif;
  }
  if (!receiver || receiver->__sk_common.skc_net.net->ns.inum != config.netns) return 0;
  return skb->skb_iif;
}

// Whether the packet has its link header again, as one that is about to be sent.
static __always_inline int is_to_be_sent(const struct sk_buff* skb) {
  const struct net_device* device = skb->dev;
  if (!device || device->hard_header_len == 0) return 0;
  return skb->data == skb->head + skb->mac_header;
}

static __always_inline void count_by_device(__u32 device, __u32 name) {
  __u32 number = 0;
#pragma unroll
  for (int i = NETSTACK_DROP_DEVICES - 1; i > 0; --i) {
    if (settings.devices[i] == device) number = i;
  }
  const __u32 key = bpf_get_smp_processor_id() * NETSTACK_DROP_DEVICES + number;
  struct netstack_drop_device_row* row = bpf_map_lookup_elem(&drop_device_rows, &key);
  if (row && name < NETSTACK_DROP_NAMES) row->packets[name] += 1;
}

static __always_inline struct netstack_drop_unclaimed* own_unclaimed(void) {
  const __u32 key = bpf_get_smp_processor_id();
  return bpf_map_lookup_elem(&drop_unclaimed, &key);
}

static __always_inline void leave_to_claim(__u32 device, __u32 name) {
  struct netstack_drop_unclaimed* unclaimed = own_unclaimed();
  if (!unclaimed) return;
  unclaimed->device = device;
  unclaimed->name = name;
}

// The third argument is there since Linux 5.17, the fourth since 6.11: the verifier knows the
// configuration, and does not look at what will never run.
static __always_inline __u32 reason_of(const __u64* arguments) {
  return config.knows_reason ? arguments[2] : config.first_reason;
}

SEC("tp_btf/kfree_skb")
int kfree_skb(__u64* arguments) {
  const struct sk_buff* skb = (void*)arguments[0];
  const __u32 reason = reason_of(arguments);
  if (reason < config.first_reason) return 0;
  __u32 cell = cell_of(reason);
  if (reason == config.first_reason) {
    const __u32 place = cell_of_place(arguments[1]);
    const __u32 but = config.flags[place] & NETSTACK_DROP_NOT_TO_BE_SENT;
    if (place && !(but && is_to_be_sent(skb))) cell = place;
  }
  struct netstack_drop_row* row = row_of(cell);
  if (!row) return 0;
  row->packets += 1;
  const __u32 flags = config.flags[cell];
  if (settings.by_device) {
    const struct sock* receiver = 0;
    if (config.knows_socket) receiver = (void*)arguments[3];
    const __u32 device = device_of(skb, receiver, flags);
    if (device) {
      count_by_device(device, config.names[cell]);
    } else if (!config.knows_socket && flags & NETSTACK_DROP_AT_QUEUE && skb->skb_iif) {
      leave_to_claim(skb->skb_iif, config.names[cell]);
    }
  }
  if (!(flags & NETSTACK_DROP_DIRECTION) || netns_of(skb) != config.netns) return 0;
  // Only a packet that came in has the device that it came by.
  if (skb->skb_iif) {
    row->received += 1;
  } else {
    row->sent += 1;
  }
  return 0;
}

// Right after a datagram was thrown away that a socket had no room for, which has no route any more
// then: tells the socket. Until Linux 6.9; later it comes before, and is of no use.
SEC("tp_btf/udp_fail_queue_rcv_skb")
int BPF_PROG(udp_fail_queue_rcv_skb, int error, struct sock* sk) {
  struct netstack_drop_unclaimed* unclaimed = own_unclaimed();
  if (!unclaimed || !unclaimed->device) return 0;
  if (sk->__sk_common.skc_net.net->ns.inum == config.netns) {
    count_by_device(unclaimed->device, unclaimed->name);
  }
  unclaimed->device = 0;
  return 0;
}

// Where the arguments have no types: counts, and cannot tell the namespace.
SEC("raw_tp/kfree_skb")
int kfree_skb_raw(__u64* arguments) {
  const __u32 reason = reason_of(arguments);
  if (reason < config.first_reason) return 0;
  __u32 cell = cell_of(reason);
  if (reason == config.first_reason) {
    const __u32 place = cell_of_place(arguments[1]);
    if (place) cell = place;
  }
  struct netstack_drop_row* row = row_of(cell);
  if (row) row->packets += 1;
  return 0;
}

// The kernel shows its structures to programs with such a licence only.
char license_of_program[] SEC("license") = "Dual BSD/GPL";
