/*
 * The output stage of layers with int16 activations, bit-exact with TensorFlow Lite Micro's reference kernels. Sums of
 * 64 bits are rescaled by a factor of 16 bits and rounded once, halves toward +infinity; sums of 32 bits as in
 * whittle_requantize.h.
 *
 * A real factor m of a sum of 64 bits is held as (multiplier, shift): m = multiplier * 2^(shift - 31), the multiplier
 * being 0 or at least 2^30, below 2^31 and a multiple of 2^16; shift -31 to 7.
 */
#ifndef WHITTLE_REQUANTIZE_WIDE_H
#define WHITTLE_REQUANTIZE_WIDE_H

#include "whittle_requantize.h"

static WHITTLE_NOINLINE int32_t whittle_multiply_wide_general(int64_t x, int32_t multiplier, int32_t shift) {
  const int32_t right = 15 - shift;
  return (int32_t)((x * (multiplier >> 16) + ((int64_t)1 << (right - 1))) >> right);
}

/* x * m, |x| < 2^47, the low 32 bits. */
static inline int32_t whittle_multiply_wide(int64_t x, int32_t multiplier, int32_t shift) {
  const int32_t low = (int32_t)x;
  if (low != x || shift > -2) return whittle_multiply_wide_general(x, multiplier, shift);
  /* The rounding half lies above the 16 bits of the product that the factor's zeros make room for. */
  const int32_t high = (int32_t)(((int64_t)low * multiplier) >> 32);
  const int32_t right = -1 - shift;
  return (high + (1 << (right - 1))) >> right;
}

/* What a layer's outputs have in common. */
typedef struct {
  int32_t wide; /* 1: sums of 64 bits; 0: of 32, of which higher bits are dropped */
  int32_t zero_point, min, max;
} whittle_output_s16;

static inline int16_t whittle_finish_s16(const whittle_output_s16 *stage, int64_t sum, int32_t multiplier,
                                         int32_t shift) {
  const int32_t scaled = stage->wide ? whittle_multiply_wide(sum, multiplier, shift)
                                     : whittle_multiply((int32_t)sum, multiplier, shift);
  const int32_t y = whittle_wrapping_add(scaled, stage->zero_point);
  return (int16_t)(y < stage->min ? stage->min : y > stage->max ? stage->max : y);
}

/* A bias of 64 bits from its halves, the upper ones being NULL where each is the sign of the lower; 0 for NULL. */
static inline int64_t whittle_wide_bias(const int32_t *bias, const int32_t *bias_high, uint32_t channel) {
  if (!bias) return 0;
  if (!bias_high) return bias[channel];
  return (int64_t)((uint64_t)(uint32_t)bias_high[channel] << 32 | (uint32_t)bias[channel]);
}

#endif
