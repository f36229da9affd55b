/*
 * Sixteen channels at a time, the last sixteen over again where their number is no multiple. The products of two taps fit
 * 16 bits, as they are never both -128 by -128, before they are added in 32.
 */
#include "whittle_depthwise_conv_2d_s8_neon.h"

#include <arm_neon.h>

#include "whittle_scale_neon.h"
#include "whittle_strip_neon.h"

#define CHANNELS 16

typedef struct {
  int32x4_t sum[4];
} sums;

/* What the output stages of sixteen channels need. */
typedef struct {
  sums start, multiplier, shift;
  int16x8_t zero_point;
  int8x16_t min, max;
} block;

static block make_block(const whittle_depthwise_conv_2d_s8_neon_params *p, const int32_t *bias, const int32_t *multipliers,
                        const int8_t *shifts) {
  block b;
  for (int32_t i = 0; i < 4; ++i) {
    const int32_t shift[4] = {shifts[4 * i], shifts[4 * i + 1], shifts[4 * i + 2], shifts[4 * i + 3]};
    b.start.sum[i] = vld1q_s32(bias + 4 * i);
    b.multiplier.sum[i] = vld1q_s32(multipliers + 4 * i);
    b.shift.sum[i] = vld1q_s32(shift);
  }
  b.zero_point = vdupq_n_s16(p->output_zero_point);
  b.min = vdupq_n_s8((int8_t)p->min);
  b.max = vdupq_n_s8((int8_t)p->max);
  return b;
}

static inline void add_products(sums *s, int16x8_t low, int16x8_t high) {
  s->sum[0] = vaddw_s16(s->sum[0], vget_low_s16(low));
  s->sum[1] = vaddw_high_s16(s->sum[1], low);
  s->sum[2] = vaddw_s16(s->sum[2], vget_low_s16(high));
  s->sum[3] = vaddw_high_s16(s->sum[3], high);
}

static inline int8x16_t convolve(const block *b, const int8_t *window, const int32_t *offsets, uint32_t taps,
                                 const int8_t *weights, uint32_t channels) {
  sums s = b->start;
  for (; taps >= 2; taps -= 2, offsets += 2, weights += channels) {
    const int8x16_t x = vld1q_s8(window + offsets[0]), y = vld1q_s8(window + offsets[1]);
    const int8x16_t v = vld1q_s8(weights);
    weights += channels;
    const int8x16_t w = vld1q_s8(weights);
    const int16x8_t low = vmull_s8(vget_low_s8(x), vget_low_s8(v)), high = vmull_high_s8(x, v);
    add_products(&s, vmlal_s8(low, vget_low_s8(y), vget_low_s8(w)), vmlal_high_s8(high, y, w));
  }
  if (taps > 0) {
    const int8x16_t x = vld1q_s8(window + offsets[0]), v = vld1q_s8(weights);
    add_products(&s, vmull_s8(vget_low_s8(x), vget_low_s8(v)), vmull_high_s8(x, v));
  }
  const int8x16_t outputs = whittle_pack_neon(whittle_scale_neon(s.sum[0], b->multiplier.sum[0], b->shift.sum[0]),
                                              whittle_scale_neon(s.sum[1], b->multiplier.sum[1], b->shift.sum[1]),
                                              whittle_scale_neon(s.sum[2], b->multiplier.sum[2], b->shift.sum[2]),
                                              whittle_scale_neon(s.sum[3], b->multiplier.sum[3], b->shift.sum[3]),
                                              b->zero_point);
  return vminq_s8(vmaxq_s8(outputs, b->min), b->max);
}

void whittle_depthwise_conv_2d_s8_neon(const whittle_depthwise_conv_2d_s8_neon_params *params, const int8_t *input,
                                       const int8_t *weights, const int32_t *bias, const int32_t *multipliers,
                                       const int8_t *shifts, void *scratch, int8_t *output) {
  const whittle_depthwise_conv_2d_s8_neon_params *const p = params;
  const uint32_t all = p->channels, taps = (uint32_t)p->kernel_height * p->kernel_width;
  const uint32_t width = (p->output_width - 1u) * p->stride_width + (p->kernel_width - 1u) * p->dilation_width + 1u;
  const uint32_t reach = (p->kernel_height - 1u) * p->dilation_height + 1u;
  const uint32_t line = width * all, image_line = p->input_width * all, step = p->stride_width * all;
  const whittle_strip_neon fill = {p->input_height, image_line, p->pad_left * all, line, p->input_zero_point};
  int32_t *const offsets = (int32_t *)scratch;
  int8_t *const strip = (int8_t *)(offsets + taps);
  for (uint32_t tap = 0; tap < taps; ++tap) {
    const uint32_t ky = tap / p->kernel_width, kx = tap % p->kernel_width;
    offsets[tap] = (int32_t)(ky * p->dilation_height * line + kx * p->dilation_width * all);
  }

  for (uint32_t n = p->batches; n > 0; --n, input += p->input_height * image_line) {
    for (uint32_t row = 0; row < p->output_height; row += p->strip_rows) {
      const uint32_t rows = p->output_height - row < p->strip_rows ? p->output_height - row : p->strip_rows;
      const int32_t top = (int32_t)(row * p->stride_height) - p->pad_top;
      whittle_fill_strip_neon(&fill, input, top, (rows - 1) * p->stride_height + reach, strip);
      for (uint32_t next = 0; next < all; next += CHANNELS) {
        const uint32_t c = next + CHANNELS <= all ? next : all - CHANNELS;
        const block b = make_block(p, bias + c, multipliers + c, shifts + c);
        int8_t *to = output + c;
        for (uint32_t y = 0; y < rows; ++y) {
          const int8_t *window = strip + y * p->stride_height * line + c;
          for (uint32_t x = p->output_width; x > 0; --x, window += step, to += all) {
            vst1q_s8(to, convolve(&b, window, offsets, taps, weights + c, all));
          }
        }
      }
      output += rows * p->output_width * all;
    }
  }
}
