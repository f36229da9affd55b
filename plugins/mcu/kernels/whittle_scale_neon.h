/*
 * Output stages on 64-bit Arm: sixteen accumulators of 32 bits to int8, bit-exact with whittle_requantize.h for shifts of
 * -31 to -1.
 */
#ifndef WHITTLE_SCALE_NEON_H
#define WHITTLE_SCALE_NEON_H

#if defined(__aarch64__)

#include <arm_neon.h>
#include <stdint.h>

/* SQRDMULH rounds halves up; the sign turns the right shift's halves up into halves away from zero. */
static inline int32x4_t whittle_scale_neon(int32x4_t sum, int32x4_t multiplier, int32x4_t shift) {
  const int32x4_t product = vqrdmulhq_s32(sum, multiplier);
  return vrshlq_s32(vsraq_n_s32(product, product, 31), shift);
}

/* Saturated, with the zero point added. */
static inline int8x16_t whittle_pack_neon(int32x4_t a, int32x4_t b, int32x4_t c, int32x4_t d, int16x8_t zero_point) {
  const int16x8_t low = vqaddq_s16(vqmovn_high_s32(vqmovn_s32(a), b), zero_point);
  const int16x8_t high = vqaddq_s16(vqmovn_high_s32(vqmovn_s32(c), d), zero_point);
  return vqmovn_high_s16(vqmovn_s16(low), high);
}

#endif

#endif
