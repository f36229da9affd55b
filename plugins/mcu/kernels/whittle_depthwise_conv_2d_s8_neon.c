/*
 * Sixteen channels at a time, the last sixteen over again where their number is no multiple. The products of two taps fit
 * 16 bits, as they are never both -128 by -128, before they are added in 32.
 */
#include "whittle_depthwise_conv_2d_s8_neon.h"

#include <arm_neon.h>

#include "whittle_requantize.h"
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

/* Products of two taps. */
static inline void add_pair(sums *s, int8x16_t x, int8x16_t v, int8x16_t y, int8x16_t w) {
  const int16x8_t low = vmull_s8(vget_low_s8(x), vget_low_s8(v)), high = vmull_high_s8(x, v);
  add_products(s, vmlal_s8(low, vget_low_s8(y), vget_low_s8(w)), vmlal_high_s8(high, y, w));
}

static inline void add_tap(sums *s, int8x16_t x, int8x16_t v) {
  add_products(s, vmull_s8(vget_low_s8(x), vget_low_s8(v)), vmull_high_s8(x, v));
}

static inline int8x16_t finish(const block *b, const sums *s) {
  const int8x16_t outputs = whittle_pack_neon(whittle_scale_neon(s->sum[0], b->multiplier.sum[0], b->shift.sum[0]),
                                              whittle_scale_neon(s->sum[1], b->multiplier.sum[1], b->shift.sum[1]),
                                              whittle_scale_neon(s->sum[2], b->multiplier.sum[2], b->shift.sum[2]),
                                              whittle_scale_neon(s->sum[3], b->multiplier.sum[3], b->shift.sum[3]),
                                              b->zero_point);
  return vminq_s8(vmaxq_s8(outputs, b->min), b->max);
}

/* Rows of outputs: their first window, the bytes to the next one and to the next row's first, and those of a pixel. */
typedef struct {
  const int8_t *window;
  uint32_t step, row_step, channels;
  uint32_t rows, columns;
  int8_t *output;
} area;

static WHITTLE_NOINLINE void convolve(const block *b, const area *a, const int32_t *offsets, uint32_t taps,
                                      const int8_t *weights) {
  const uint32_t all = a->channels;
  int8_t *to = a->output;
  const int8_t *row = a->window;
  for (uint32_t y = a->rows; y > 0; --y, row += a->row_step) {
    const int8_t *x = row;
    for (uint32_t left = a->columns; left > 0; --left, x += a->step, to += all) {
      const int8_t *w = weights;
      const int32_t *offset = offsets;
      sums s = b->start;
      for (uint32_t pairs = taps / 2; pairs > 0; --pairs, offset += 2, w += all) {
        const int8x16_t v = vld1q_s8(w);
        w += all;
        add_pair(&s, vld1q_s8(x + offset[0]), v, vld1q_s8(x + offset[1]), vld1q_s8(w));
      }
      if (taps % 2 > 0) add_tap(&s, vld1q_s8(x + *offset), vld1q_s8(w));
      vst1q_s8(to, finish(b, &s));
    }
  }
}

/* The same for nine taps, whose weights stay in registers. */
static WHITTLE_NOINLINE void convolve_nine(const block *b, const area *a, const int32_t *offsets,
                                           const int8_t *weights) {
  const uint32_t all = a->channels, step = a->step;
  const int8x16_t w0 = vld1q_s8(weights), w1 = vld1q_s8(weights + all), w2 = vld1q_s8(weights + 2 * all),
                  w3 = vld1q_s8(weights + 3 * all), w4 = vld1q_s8(weights + 4 * all), w5 = vld1q_s8(weights + 5 * all),
                  w6 = vld1q_s8(weights + 6 * all), w7 = vld1q_s8(weights + 7 * all), w8 = vld1q_s8(weights + 8 * all);
  const int64_t o1 = offsets[1], o2 = offsets[2], o3 = offsets[3], o4 = offsets[4], o5 = offsets[5], o6 = offsets[6],
                o7 = offsets[7], o8 = offsets[8];
  int8_t *to = a->output;
  const int8_t *row = a->window;
  for (uint32_t y = a->rows; y > 0; --y, row += a->row_step) {
    const int8_t *x = row;
    for (uint32_t left = a->columns; left > 0; --left, x += step, to += all) {
      sums s = b->start;
      add_pair(&s, vld1q_s8(x), w0, vld1q_s8(x + o1), w1);
      add_pair(&s, vld1q_s8(x + o2), w2, vld1q_s8(x + o3), w3);
      add_pair(&s, vld1q_s8(x + o4), w4, vld1q_s8(x + o5), w5);
      add_pair(&s, vld1q_s8(x + o6), w6, vld1q_s8(x + o7), w7);
      add_tap(&s, vld1q_s8(x + o8), w8);
      vst1q_s8(to, finish(b, &s));
    }
  }
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
        const area a = {strip + c, step, p->stride_height * line, all, rows, p->output_width, output + c};
        if (taps == 9) {
          convolve_nine(&b, &a, offsets, weights + c);
        } else {
          convolve(&b, &a, offsets, taps, weights + c);
        }
      }
      output += rows * p->output_width * all;
    }
  }
}
