/*
 * Sixteen elements at a time. The zero point is taken off in 16 bits, where five bits of the lift by 20 still fit; the
 * other 15 are in widening to 32. The wide input, whose factor after the lift is 1/2, is added by multiplying with 2^14.
 */
#include "whittle_add_s8_neon.h"

#include <arm_neon.h>
#include <string.h>

#include "whittle_scale_neon.h"

typedef struct {
  int8x16_t wide_zero_point, narrow_zero_point, min, max;
  int16x8_t narrow_lift, output_zero_point;
  int16x8_t wide_factor;
  int32x4_t narrow_multiplier, narrow_shift, output_multiplier, output_shift;
} constants;

static inline int32x4_t add_four(const constants *k, int32x4_t narrow, int16x4_t wide) {
  const int32x4_t term = whittle_scale_neon(narrow, k->narrow_multiplier, k->narrow_shift);
  const int32x4_t sum = vmlal_s16(term, wide, vget_low_s16(k->wide_factor));
  return whittle_scale_neon(sum, k->output_multiplier, k->output_shift);
}

static inline int8x16_t add_sixteen(const constants *k, int8x16_t wide, int8x16_t narrow) {
  const int16x8_t a0 = vshlq_n_s16(vsubl_s8(vget_low_s8(wide), vget_low_s8(k->wide_zero_point)), 5);
  const int16x8_t a1 = vshlq_n_s16(vsubl_high_s8(wide, k->wide_zero_point), 5);
  const int16x8_t b0 = vshlq_s16(vsubl_s8(vget_low_s8(narrow), vget_low_s8(k->narrow_zero_point)), k->narrow_lift);
  const int16x8_t b1 = vshlq_s16(vsubl_high_s8(narrow, k->narrow_zero_point), k->narrow_lift);
  const int32x4_t s0 = add_four(k, vshll_n_s16(vget_low_s16(b0), 15), vget_low_s16(a0));
  const int32x4_t s1 = add_four(k, vshll_high_n_s16(b0, 15), vget_high_s16(a0));
  const int32x4_t s2 = add_four(k, vshll_n_s16(vget_low_s16(b1), 15), vget_low_s16(a1));
  const int32x4_t s3 = add_four(k, vshll_high_n_s16(b1, 15), vget_high_s16(a1));
  return vminq_s8(vmaxq_s8(whittle_pack_neon(s0, s1, s2, s3, k->output_zero_point), k->min), k->max);
}

void whittle_add_s8_neon(const whittle_add_s8_neon_params *params, const int8_t *wide, const int8_t *narrow,
                         int8_t *output) {
  const whittle_add_s8_neon_params *const p = params;
  const constants k = {
    vdupq_n_s8((int8_t)p->wide_zero_point), vdupq_n_s8((int8_t)p->narrow_zero_point), vdupq_n_s8((int8_t)p->min),
    vdupq_n_s8((int8_t)p->max), vdupq_n_s16(p->narrow_lift), vdupq_n_s16(p->output_zero_point),
    vdupq_n_s16(p->wide_factor), vdupq_n_s32(p->narrow_multiplier), vdupq_n_s32(p->narrow_shift),
    vdupq_n_s32(p->output_multiplier), vdupq_n_s32(p->output_shift),
  };
  uint32_t i = 0;
  for (; i + 16 <= p->count; i += 16) vst1q_s8(output + i, add_sixteen(&k, vld1q_s8(wide + i), vld1q_s8(narrow + i)));
  if (i < p->count) {
    int8_t a[16] = {0}, b[16] = {0};
    memcpy(a, wide + i, p->count - i);
    memcpy(b, narrow + i, p->count - i);
    vst1q_s8(a, add_sixteen(&k, vld1q_s8(a), vld1q_s8(b)));
    memcpy(output + i, a, p->count - i);
  }
}
