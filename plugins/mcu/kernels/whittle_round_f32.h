/*
 * Floats to integers, as the reference kernels convert them on x86.
 */
#ifndef WHITTLE_ROUND_F32_H
#define WHITTLE_ROUND_F32_H

#include <stdint.h>

/* The nearest integer, halves away from zero; -2^31 for NaN and for what an int32 cannot hold. */
static inline int32_t whittle_round_f32(float x) {
  if (!(x > -2147483648.0f && x < 2147483648.0f)) return INT32_MIN;
  const int32_t whole = (int32_t)x;
  const float rest = x - (float)whole;
  return rest >= 0.5f ? whole + 1 : rest <= -0.5f ? whole - 1 : whole;
}

#endif
