/*
 * Sixteen elements at a time. Inputs are shifted left by 23 in two widening steps, so that the doubling high product is the
 * product shifted right by 8. The narrowing sum with the offset shifts right by 16, the saturation by the other 4.
 */
#include "whittle_linear_sum_s8_neon.h"

#include <arm_neon.h>
#include <string.h>

typedef struct {
  int32x4_t a_factor, b_factor, offset;
} factors;

static inline int32x4_t sum_products(int32x4_t a, int32x4_t b, const factors *f) {
  return vaddq_s32(vqdmulhq_s32(a, f->a_factor), vqdmulhq_s32(b, f->b_factor));
}

/* Of eight elements shifted left by 7, sums with four digits behind the point. */
static inline int16x8_t sum_eight(int16x8_t a, int16x8_t b, const factors *f) {
  const int32x4_t low = sum_products(vshll_n_s16(vget_low_s16(a), 16), vshll_n_s16(vget_low_s16(b), 16), f);
  const int32x4_t high = sum_products(vshll_high_n_s16(a, 16), vshll_high_n_s16(b, 16), f);
  return vaddhn_high_s32(vaddhn_s32(low, f->offset), high, f->offset);
}

static inline int8x16_t sum_sixteen(int8x16_t a, int8x16_t b, const factors *f) {
  const int16x8_t low = sum_eight(vshll_n_s8(vget_low_s8(a), 7), vshll_n_s8(vget_low_s8(b), 7), f);
  const int16x8_t high = sum_eight(vshll_high_n_s8(a, 7), vshll_high_n_s8(b, 7), f);
  return vqshrn_high_n_s16(vqshrn_n_s16(low, 4), high, 4);
}

void whittle_linear_sum_s8_neon(const whittle_linear_sum_s8_neon_params *params, const int8_t *a, const int8_t *b,
                                int8_t *output) {
  const factors f = {vdupq_n_s32(params->a_factor), vdupq_n_s32(params->b_factor), vdupq_n_s32(params->offset)};
  const int8x16_t min = vdupq_n_s8((int8_t)params->min), max = vdupq_n_s8((int8_t)params->max);
  uint32_t left = params->count;
  if (params->min == INT8_MIN && params->max == INT8_MAX) {
    for (; left >= 16; left -= 16, a += 16, b += 16, output += 16) {
      vst1q_s8(output, sum_sixteen(vld1q_s8(a), vld1q_s8(b), &f));
    }
  } else {
    for (; left >= 16; left -= 16, a += 16, b += 16, output += 16) {
      vst1q_s8(output, vminq_s8(vmaxq_s8(sum_sixteen(vld1q_s8(a), vld1q_s8(b), &f), min), max));
    }
  }
  if (left > 0) {
    int8_t x[16] = {0}, y[16] = {0};
    memcpy(x, a, left);
    memcpy(y, b, left);
    vst1q_s8(x, vminq_s8(vmaxq_s8(sum_sixteen(vld1q_s8(x), vld1q_s8(y), &f), min), max));
    memcpy(output, x, left);
  }
}
