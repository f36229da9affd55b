/*
 * 1 / sqrt(x) in fixed point, bit-exact with TensorFlow Lite Micro's reference kernels.
 */
#ifndef WHITTLE_INVERSE_SQRT_H
#define WHITTLE_INVERSE_SQRT_H

#include "whittle_fixed_point.h"

/* A factor as in whittle_requantize.h; the shift is 0 or less. */
typedef struct {
  int32_t multiplier, shift;
} whittle_factor;

/* Of x from 0 on; of 0 it is 1, as of 1. Five Newton steps from 1, after x was brought to [2^27, 2^29) by a power of 4. */
static WHITTLE_NOINLINE whittle_factor whittle_inverse_sqrt(int32_t x) {
  whittle_factor result = {INT32_MAX, 0};
  if (x <= 1) return result;
  int32_t right = 11;
  for (; x >= 1 << 29; ++right) x /= 4;
  const int32_t pairs = (whittle_leading_zeros((uint32_t)x) - 1) / 2 - 1;
  right -= pairs;
  const int32_t half = whittle_rounding_shift((x << (2 * pairs)) >> 1, 1);
  int32_t root = 1 << 28;
  for (int32_t i = 0; i < 5; ++i) {
    const int32_t cube = whittle_saturating_shift(whittle_product(whittle_product(root, root), root), 6);
    root = whittle_saturating_shift(whittle_product(3 << 27, root) - whittle_product(half, cube), 3);
  }
  const int32_t multiplier = whittle_product(root, 1518500250); /* sqrt(1/2) */
  result.multiplier = right < 0 ? multiplier << -right : multiplier;
  result.shift = right < 0 ? 0 : -right;
  return result;
}

#endif
