/*
 * Activations as the *_simd128 kernels multiply them: int16, the zero point taken off, doubled for whittle_v_scale.
 */
#ifndef WHITTLE_WIDEN_SIMD128_H
#define WHITTLE_WIDEN_SIMD128_H

#include <stdint.h>

#include "whittle_simd128.h"

/* to[i] = 2 * (from[i] - zero_point). */
static inline void whittle_widen_doubled(int16_t *to, const int8_t *from, uint32_t count, int32_t zero_point) {
  const whittle_v128 offset = whittle_v_splat16((int16_t)-zero_point);
  for (; count >= 8; count -= 8, from += 8, to += 8) {
    const whittle_v128 x = whittle_v_add16(whittle_v_load_widened(from), offset);
    whittle_v_store(to, whittle_v_add16(x, x));
  }
  for (; count > 0; --count) *to++ = (int16_t)(2 * (*from++ - zero_point));
}

#endif
