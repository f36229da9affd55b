/*
 * Sixteen elements of the last dimension at a time, the last sixteen over again where their number is no multiple. Up to
 * 255 of them are added in 16 bits before they go on in 32.
 */
#include "whittle_mean_s8_neon.h"

#include <arm_neon.h>

#include "whittle_scale_neon.h"

#define ELEMENTS 16
#define CHUNK 255u

typedef struct {
  int32x4_t sum[4];
} sums;

/* Adds `count` vectors, `step` bytes apart. */
static inline void add_elements(sums *s, const int8_t *x, uint32_t count, uint32_t step) {
  while (count > 0) {
    const uint32_t some = count < CHUNK ? count : CHUNK;
    int16x8_t low = vdupq_n_s16(0), high = low;
    for (uint32_t i = some; i > 0; --i, x += step) {
      const int8x16_t each = vld1q_s8(x);
      low = vaddw_s8(low, vget_low_s8(each));
      high = vaddw_high_s8(high, each);
    }
    s->sum[0] = vaddw_s16(s->sum[0], vget_low_s16(low));
    s->sum[1] = vaddw_high_s16(s->sum[1], low);
    s->sum[2] = vaddw_s16(s->sum[2], vget_low_s16(high));
    s->sum[3] = vaddw_high_s16(s->sum[3], high);
    count -= some;
  }
}

void whittle_mean_s8_neon(const whittle_mean_s8_params *params, const int8_t *input, int8_t *output) {
  const uint32_t *const shape = params->shape;
  /* Where the last two dimensions are unused, the one before is the innermost. */
  const int unused = shape[3] * shape[4] == 1;
  const uint32_t inner = unused ? shape[2] : shape[4], middle = unused ? 1 : shape[2];
  const uint32_t line = shape[3] * inner, outer_step = middle * line;
  const int32x4_t start = vdupq_n_s32(-params->input_zero_point * (int32_t)(shape[1] * shape[3]));
  const int32x4_t multiplier = vdupq_n_s32(params->multiplier), shift = vdupq_n_s32(params->shift);
  /* Without a right shift there are no halves to correct. */
  const int32x4_t sign = vdupq_n_s32(params->shift < 0 ? -1 : 0);
  const int16x8_t zero_point = vdupq_n_s16((int16_t)params->output_zero_point);
  for (uint32_t i = shape[0]; i > 0; --i, input += shape[1] * outer_step) {
    for (uint32_t j = 0; j < middle; ++j, output += inner) {
      for (uint32_t next = 0; next < inner; next += ELEMENTS) {
        const uint32_t k = next + ELEMENTS <= inner ? next : inner - ELEMENTS;
        const int8_t *outer = input + j * line + k;
        sums s = {{start, start, start, start}};
        if (outer_step == line) {
          add_elements(&s, outer, shape[1] * shape[3], inner);
        } else {
          for (uint32_t r = shape[1]; r > 0; --r, outer += outer_step) add_elements(&s, outer, shape[3], inner);
        }
        for (uint32_t v = 0; v < 4; ++v) {
          const int32x4_t product = vqrdmulhq_s32(s.sum[v], multiplier);
          const int32x4_t nudge = vandq_s32(vshrq_n_s32(product, 31), sign);
          s.sum[v] = vrshlq_s32(vaddq_s32(product, nudge), shift);
        }
        vst1q_s8(output + k, whittle_pack_neon(s.sum[0], s.sum[1], s.sum[2], s.sum[3], zero_point));
      }
    }
  }
}
