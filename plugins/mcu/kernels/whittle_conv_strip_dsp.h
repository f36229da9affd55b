/* Channels of int8 as pairs of doubled int16: bytes 0 and 2 of four, then 1 and 3, each pair `pitch` words on. */
#ifndef WHITTLE_CONV_STRIP_DSP_H
#define WHITTLE_CONV_STRIP_DSP_H

#include "whittle_pair.h"

static inline int32_t whittle_doubled(int32_t pair) { return whittle_pair_add(pair, pair); }

/* The pair that a byte fills, the zero point: doubled. */
static inline int32_t whittle_doubled_twice(int32_t byte) {
  return whittle_make_pair((int16_t)(2 * byte), (int16_t)(2 * byte));
}

/* `count` bytes; two that are left over make a pair, as does one with itself. */
static inline void whittle_widen_units(const int8_t *from, uint32_t count, int32_t *to, uint32_t pitch) {
  for (; count >= 4; count -= 4, from += 4) {
    const uint32_t bytes = whittle_load_bytes(from);
    *to = whittle_doubled(whittle_even_bytes(bytes));
    to += pitch;
    *to = whittle_doubled(whittle_odd_bytes(bytes));
    to += pitch;
  }
  if (count == 0) return;
  const uint32_t even = count == 3 ? 2 : count - 1;
  *to = whittle_make_pair((int16_t)(2 * from[0]), (int16_t)(2 * from[even]));
  if (count == 3) to[pitch] = whittle_doubled_twice(from[1]);
}

#endif
