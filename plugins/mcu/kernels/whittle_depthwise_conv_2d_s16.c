/*
 * The part of a window that lies inside the image is found once for a pixel; then four channels are summed together, or
 * one where several read the same. A product is at most 2^22: 511 of them stay in 32 bits, and rows of the window are
 * summed together as far as that goes.
 */
#include "whittle_depthwise_conv_2d_s16.h"

#include "whittle_channels_s16.h"

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

/* Sums of `rows` rows of taps, for four channels. */
static WHITTLE_NOINLINE void sum_four(const window *taps, uint32_t rows, const int16_t *x, const int8_t *w,
                                      int32_t *sums) {
  const uint32_t x_column = taps->x_column, w_column = taps->w_column, columns = taps->columns;
  const int32_t x_rest = (int32_t)(taps->x_row - columns * x_column);
  const int32_t w_rest = (int32_t)(taps->w_row - columns * w_column);
  int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  for (; rows > 0; --rows, x += x_rest, w += w_rest) {
    for (uint32_t k = columns; k > 0; --k, x += x_column, w += w_column) {
      s0 += x[0] * w[0];
      s1 += x[1] * w[1];
      s2 += x[2] * w[2];
      s3 += x[3] * w[3];
    }
  }
  sums[0] = s0;
  sums[1] = s1;
  sums[2] = s2;
  sums[3] = s3;
}

/* The same for one channel. */
static WHITTLE_NOINLINE int32_t sum_one(const window *taps, uint32_t rows, const int16_t *x, const int8_t *w) {
  const uint32_t x_column = taps->x_column, w_column = taps->w_column, columns = taps->columns;
  const int32_t x_rest = (int32_t)(taps->x_row - columns * x_column);
  const int32_t w_rest = (int32_t)(taps->w_row - columns * w_column);
  int32_t sum = 0;
  for (; rows > 0; --rows, x += x_rest, w += w_rest) {
    for (uint32_t k = columns; k > 0; --k, x += x_column, w += w_column) sum += *x * *w;
  }
  return sum;
}

/* sums[i] += the taps of channel first + i, in some rows. */
static void add_rows(const window *taps, uint32_t row, uint32_t rows, uint32_t multiplier, uint32_t first,
                     uint32_t count, int64_t *sums) {
  const int16_t *const x = taps->x + row * taps->x_row;
  const int8_t *const w = taps->w + row * taps->w_row;
  uint32_t i = 0;
  for (; multiplier == 1 && i + 4 <= count; i += 4) {
    int32_t four[4];
    sum_four(taps, rows, x + first + i, w + first + i, four);
    for (uint32_t k = 0; k < 4; ++k) sums[i + k] += four[k];
  }
  for (; i < count; ++i) {
    const uint32_t c = first + i;
    sums[i] += sum_one(taps, rows, x + (multiplier == 1 ? c : c / multiplier), w + c);
  }
}

/* All channels of a pixel. */
static void finish_pixel(const window *taps, const whittle_channels_s16 *stage, uint32_t outputs, uint32_t multiplier,
                         int16_t *output) {
  for (uint32_t first = 0; first < outputs; first += WHITTLE_CHANNELS, output += WHITTLE_CHANNELS) {
    const uint32_t count = outputs - first < WHITTLE_CHANNELS ? outputs - first : WHITTLE_CHANNELS;
    int64_t sums[WHITTLE_CHANNELS] = {0};
    for (uint32_t row = 0; row < taps->rows; row += taps->rows_at_once) {
      const uint32_t left = taps->rows - row;
      add_rows(taps, row, left < taps->rows_at_once ? left : taps->rows_at_once, multiplier, first, count, sums);
    }
    whittle_finish_channels(stage, first, count, sums, output);
  }
}

void whittle_depthwise_conv_2d_s16(const whittle_depthwise_conv_2d_s16_params *params, const int16_t *input,
                                   const int8_t *weights, const int32_t *bias, const int32_t *bias_high,
                                   const int32_t *multipliers, const int8_t *shifts, int16_t *output) {
  const depthwise *const p = params;
  const uint32_t channels = p->input_channels, outputs = channels * p->multiplier;
  const uint32_t line = p->input_width * channels, kernel_line = p->kernel_width * outputs;
  const whittle_channels_s16 stage = {
    bias, bias_high, multipliers, shifts, p->channel_step, {1, 0, p->output_min, p->output_max},
  };
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
        finish_pixel(&taps, &stage, outputs, p->multiplier, output);
        output += outputs;
      }
    }
  }
}
