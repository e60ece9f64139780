#pragma once

// The lowest b with value <= 2^b; at most `last`.
static __always_inline __u32 bin_of(__u64 value, __u32 last) {
  __u32 bin = 0;
  if (value <= 1) return 0;
  --value;
  if (value >> 32) return last;
  if (value >> 16) bin += 16, value >>= 16;
  if (value >> 8) bin += 8, value >>= 8;
  if (value >> 4) bin += 4, value >>= 4;
  if (value >> 2) bin += 2, value >>= 2;
  if (value >> 1) bin += 1;
  ++bin;
  return bin < last ? bin : last;
}
