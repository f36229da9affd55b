/*
 * The part of a window that lies inside the image is found once for a pixel; then four channels are summed together, or
 * one where several read the same. A product is at most 2^22: 511 of them stay in 32 bits, and rows of the window are
 * summed together as far as that goes.
 */
#include "whittle_depthwise_conv_2d_s16.h"

#include "whittle_requantize_wide.h"

#define TAPS 511u

typedef whittle_depthwise_conv_2d_s16_params depthwise;

/* Taps inside the image along an axis. */
typedef struct {
  uint32_t first, count;
} span;

/* Taps of one pixel, the first of them at x and w. */
typedef struct {
  uint32_t rows, columns, rows_at_once;
  uint32_t x_column, x_row; /* input elements from one tap to the next */
  uint32_t w_column, w_row; /* weights from one tap to the next */
  const int16_t *x;
  const int8_t *w;
} window;

static span inside(int32_t start, uint32_t dilation, uint32_t kernel, int32_t size) {
  span taps = {0, 0};
  for (; start < 0 && taps.first < kernel; start += (int32_t)dilation) ++taps.first;
  for (uint32_t k = taps.first; k < kernel && start < size; ++k, start += (int32_t)dilation) ++taps.count;
  return taps;
}

static void sum_four(const window *taps, const int16_t *x, const int8_t *w, int64_t *sums) {
  for (uint32_t left = taps->rows; left > 0;) {
    uint32_t rows = left < taps->rows_at_once ? left : taps->rows_at_once;
    int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    left -= rows;
    for (; rows > 0; --rows, x += taps->x_row, w += taps->w_row) {
      const int16_t *at = x;
      const int8_t *weight = w;
      for (uint32_t k = taps->columns; k > 0; --k, at += taps->x_column, weight += taps->w_column) {
        s0 += at[0] * weight[0];
        s1 += at[1] * weight[1];
        s2 += at[2] * weight[2];
        s3 += at[3] * weight[3];
      }
    }
    sums[0] += s0;
    sums[1] += s1;
    sums[2] += s2;
    sums[3] += s3;
  }
}

static int64_t sum_one(const window *taps, const int16_t *x, const int8_t *w) {
  int64_t total = 0;
  for (uint32_t left = taps->rows; left > 0;) {
    uint32_t rows = left < taps->rows_at_once ? left : taps->rows_at_once;
    int32_t sum = 0;
    left -= rows;
    for (; rows > 0; --rows, x += taps->x_row, w += taps->w_row) {
      const int16_t *at = x;
      const int8_t *weight = w;
      for (uint32_t k = taps->columns; k > 0; --k, at += taps->x_column, weight += taps->w_column) {
        sum += *at * *weight;
      }
    }
    total += sum;
  }
  return total;
}

void whittle_depthwise_conv_2d_s16(const whittle_depthwise_conv_2d_s16_params *params, const int16_t *input,
                                   const int8_t *weights, const int32_t *bias, const int32_t *bias_high,
                                   const int32_t *multipliers, const int8_t *shifts, int16_t *output) {
  const depthwise *const p = params;
  const uint32_t channels = p->input_channels, outputs = channels * p->multiplier;
  const uint32_t line = p->input_width * channels, kernel_line = p->kernel_width * outputs;
  const whittle_output_s16 stage = {1, 0, p->output_min, p->output_max};
  window taps;
  taps.rows_at_once = TAPS / p->kernel_width;
  taps.x_column = p->dilation_width * channels;
  taps.x_row = p->dilation_height * line;
  taps.w_column = outputs;
  taps.w_row = kernel_line;
  for (uint32_t n = p->batches; n > 0; --n, input += p->input_height * line) {
    for (uint32_t y = 0; y < p->output_height; ++y) {
      const int32_t top = (int32_t)(y * p->stride_height) - p->pad_top;
      const span rows = inside(top, p->dilation_height, p->kernel_height, p->input_height);
      taps.rows = rows.count;
      for (uint32_t x = 0; x < p->output_width; ++x) {
        const int32_t left = (int32_t)(x * p->stride_width) - p->pad_left;
        const span columns = inside(left, p->dilation_width, p->kernel_width, p->input_width);
        taps.columns = columns.count;
        const int32_t row = top + (int32_t)(rows.first * p->dilation_height);
        const int32_t column = left + (int32_t)(columns.first * p->dilation_width);
        /* A window outside the image has no taps; its corner is no place to point at. */
        const int some = rows.count > 0 && columns.count > 0;
        taps.x = some ? input + (uint32_t)row * line + (uint32_t)column * channels : input;
        taps.w = some ? weights + rows.first * kernel_line + columns.first * outputs : weights;
        for (uint32_t c = 0; c < outputs;) {
          const uint32_t together = p->multiplier == 1 && outputs - c >= 4 ? 4 : 1;
          int64_t sums[4];
          for (uint32_t i = 0; i < together; ++i) sums[i] = whittle_wide_bias(bias, bias_high, c + i);
          if (together == 4) {
            sum_four(&taps, taps.x + c, taps.w + c, sums);
          } else {
            sums[0] += sum_one(&taps, taps.x + c / p->multiplier, taps.w + c);
          }
          for (uint32_t i = 0; i < together; ++i, ++c) {
            const uint32_t at = c * p->channel_step;
            *output++ = whittle_finish_s16(&stage, sums[i], multipliers[at], shifts[at]);
          }
        }
      }
    }
  }
}
