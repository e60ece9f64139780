#pragma once

// The lowest b with value <= 2^b, for values up to 2^31; 0 for 0. Without branches: the depth of a
// queue is nothing that a processor could foresee.
static __always_inline __u32 bin_of_depth(__u32 value) {
  __u64 rest = value;
  rest -= rest != 0;
  __u64 bin = 0;
  __u64 shift;
  // The sign of the difference tells whether anything is above the limit. The compiler must not
  // make a branch of it.
#define NETSTACK_FOLD(limit, log2) \
  shift = (limit)-rest;            \
  asm volatile("" : "+r"(shift));  \
  shift = (shift >> 63) << (log2); \
  rest >>= shift;                  \
  bin += shift
  NETSTACK_FOLD(0xffffULL, 4);
  NETSTACK_FOLD(0xffULL, 3);
  NETSTACK_FOLD(0xfULL, 2);
  NETSTACK_FOLD(0x3ULL, 1);
#undef NETSTACK_FOLD
  bin += rest - ((rest + 1) >> 2);  // 0, 1, 2, 3 have 0, 1, 2, 2 digits.
  asm volatile("" : "+r"(bin));
  return bin & 31;
}

// The lowest b with value <= 2^b; at most `last`.
static __always_inline __u32 bin_of(__u64 value, __u32 last) {
  if (value >> 32) return last;
  const __u32 bin = bin_of_depth((__u32)value);
  return bin < last ? bin : last;
}
