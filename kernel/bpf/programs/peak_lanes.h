// Where the programs keep the depths of queues: a lane for each group of sockets and epoch.
#pragma once

#include "kernel/bpf/programs/kernel_types.h"
#include "kernel/bpf/programs/layouts.h"

#define NETSTACK_LIKELY(condition) __builtin_expect(!!(condition), 1)
#define NETSTACK_UNLIKELY(condition) __builtin_expect(!!(condition), 0)

const volatile struct netstack_peak_config config = {};
struct netstack_peak_settings settings = {};

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct netstack_peak_area);
} peak_areas SEC(".maps");

#define RAISE(place, value)                                    \
  do {                                                         \
    const __u32 raised = (value);                              \
    if (NETSTACK_UNLIKELY(raised > (place))) (place) = raised; \
  } while (0)

// Raises a fill in 1/1024 without a division unless it rises.
#define RAISE_FILL(place, depth, limit)                                       \
  do {                                                                        \
    const __u64 scaled = (__u64)(depth)*NETSTACK_FILL_UNIT;                   \
    const __u64 bound = (__u32)(limit);                                       \
    if (NETSTACK_UNLIKELY(scaled >= ((__u64)(place) + 1) * bound) && bound) { \
      (place) = scaled / bound;                                               \
    }                                                                         \
  } while (0)

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

static __always_inline __u64 running_era(void) {
  return *(volatile __u64*)&settings.era;
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

static __always_inline __u64 number_of_lane(__u32 epoch, __u32 group) {
  __u64 number = epoch % NETSTACK_PEAK_LANES * NETSTACK_PEAK_GROUPS + group % NETSTACK_PEAK_GROUPS;
  // Older verifiers do not see the bound of the sum; the compiler does, and would drop the mask.
  asm volatile("" : "+r"(number));
  return number & (NETSTACK_PEAK_LANES * NETSTACK_PEAK_GROUPS - 1);
}

// What tells a connection from others: the hash is of addresses and network namespace, too.
static __always_inline __u64 mark_of(const struct sock* sk) {
  return (__u64)sk->__sk_common.skc_hash << 32 | sk->__sk_common.skc_portpair;
}

static __always_inline struct netstack_peak_place* place_of(struct netstack_peak_area* area,
                                                            __u64 mark) {
  return &area->places[mark >> 32 & (NETSTACK_PEAK_PLACES - 1)];
}

// Fills the place and returns the lane. An event of another connection may come in the midst of it.
static __noinline int seek_lane(struct netstack_peak_area* area, struct netstack_peak_place* place,
                                const struct sock* sk) {
  const __u64 era = running_era();
  const __u32 group = group_of(sk);
  __u32 lane = NETSTACK_PEAK_NO_LANE;
  if (group != NETSTACK_PEAK_OTHER_NETNS || era & NETSTACK_PEAK_ALL) {
    const __u64 number = number_of_lane(era, group);
    begun(&area->lanes[number], era);
    lane = number;
  }
  *(volatile __u64*)&place->mark = 0;
  *(volatile __u64*)&place->era = era;
  *(volatile __u32*)&place->lane = lane;
  place->doubted = 0;
  *(volatile __u64*)&place->mark = mark_of(sk);
  return lane;
}

// Null where the connection is not to be looked at. The lane is read before it is known whose it
// is: an event in between leaves another mark.
static __always_inline struct netstack_peak_lane* lane_of(struct netstack_peak_area* area,
                                                          struct netstack_peak_place* place,
                                                          const struct sock* sk, __u64 mark,
                                                          __u64 era) {
  __u64 number = *(volatile __u32*)&place->lane;
  if (NETSTACK_UNLIKELY(*(volatile __u64*)&place->mark != mark || place->era != era)) {
    number = (__u32)seek_lane(area, place, sk);
  }
  if (number >= NETSTACK_PEAK_LANES * NETSTACK_PEAK_GROUPS) return 0;
  return &area->lanes[number];
}

static __always_inline void raise_send(struct netstack_peak_lane* lane, const struct sock* sk,
                                       const struct tcp_sock* tcp, __u32 queue, __u64 era) {
  const __u32 memory = sk->sk_wmem_queued;
  RAISE(lane->send_queue, queue);
  RAISE_FILL(lane->send_fill, memory, sk->sk_sndbuf);
  if (NETSTACK_UNLIKELY(era & NETSTACK_PEAK_ALL)) {
    RAISE(lane->unsent, tcp->write_seq - tcp->snd_nxt);
    RAISE(lane->send_memory, memory);
  }
}

static __always_inline void raise_receive_memory(struct netstack_peak_lane* lane,
                                                 const struct sock* sk, __u32 memory) {
  RAISE(lane->receive_memory, memory);
  RAISE_FILL(lane->receive_fill, memory, sk->sk_rcvbuf);
}
