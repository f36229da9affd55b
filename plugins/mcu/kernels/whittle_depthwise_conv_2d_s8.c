/*
 * One channel at a time: its plane is gathered into consecutive int16 with the zero point taken off and the
 * padding filled in, so the window of an output is a few short runs, and the channel's weights and output
 * stage stay in registers over the whole plane.
 */
#include "whittle_depthwise_conv_2d_s8.h"

#include "whittle_pair.h"
#include "whittle_requantize.h"

typedef struct {
  const whittle_depthwise_conv_2d_s8_params *p;
  uint32_t width;      /* elements in a row of the plane */
  uint32_t pairs;      /* pairs of weights in a kernel row */
  uint32_t pair_step;  /* plane elements from one pair to the next */
  uint32_t out_stride; /* output elements from one pixel to the next */
} geometry;

/* Columns of the image that lie in the plane. */
static uint32_t used_columns(const geometry *g) {
  const uint32_t room = g->width > g->p->pad_left ? g->width - g->p->pad_left : 0;
  return g->p->input_width < room ? g->p->input_width : room;
}

/* Writes the image's part of a channel's plane; the padding around it is left as it is. */
static WHITTLE_NOINLINE void gather_plane(const geometry *g, const int8_t *channel, int32_t row, uint32_t rows,
                                          int16_t *to) {
  const whittle_depthwise_conv_2d_s8_params *const p = g->p;
  const uint32_t step = p->input_channels, columns = used_columns(g), gap = g->width - columns;
  const uint32_t skipped = (p->input_width - columns) * step;
  const int32_t offset = -2 * p->input_zero_point;
  const int32_t first = row > 0 ? row : 0, end = row + (int32_t)rows;
  const int32_t last = end < p->input_height ? end : p->input_height;
  if (columns == 0) return;
  int16_t *x = to + (uint32_t)(first - row) * g->width + p->pad_left;
  const int8_t *from = channel + (uint32_t)first * p->input_width * step;
  for (int32_t r = first; r < last; ++r, x += gap, from += skipped) {
    uint32_t i = columns;
    for (; i >= 2; i -= 2, from += 2 * step, x += 2) {
      const int32_t x0 = from[0], x1 = from[step];
      x[0] = (int16_t)(2 * x0 + offset);
      x[1] = (int16_t)(2 * x1 + offset);
    }
    if (i > 0) {
      *x++ = (int16_t)(2 * *from + offset);
      from += step;
    }
  }
}

static WHITTLE_NOINLINE void gather_weights(const geometry *g, const int8_t *from, int16_t *to) {
  const whittle_depthwise_conv_2d_s8_params *const p = g->p;
  for (uint32_t ky = p->kernel_height; ky > 0; --ky) {
    uint32_t kx = p->kernel_width;
    if (p->dilation_width == 1) {
      for (; kx >= 2; kx -= 2, from += 2 * g->out_stride, to += 2) {
        to[0] = from[0];
        to[1] = from[g->out_stride];
      }
    }
    for (; kx > 0; --kx, from += g->out_stride, to += 2) {
      to[0] = from[0];
      to[1] = 0;
    }
  }
}

typedef struct {
  const int16_t *x;
  const int16_t *weights;
  int32_t start; /* doubled bias */
  whittle_scaler scaler;
  int8_t *output;
} channel_task;

static WHITTLE_NOINLINE void convolve(const geometry *g, const channel_task *task, uint32_t rows) {
  const whittle_depthwise_conv_2d_s8_params *const p = g->p;
  const uint32_t kernel_line = p->dilation_height * g->width;
  const int16_t *first = task->x;
  int8_t *output = task->output;
  for (; rows > 0; --rows, first += p->stride_height * g->width) {
    const int16_t *x = first;
    for (uint32_t i = p->output_width; i > 0; --i, x += p->stride_width, output += g->out_stride) {
      int32_t sum = task->start;
      const int16_t *w = task->weights, *line = x;
      for (uint32_t ky = p->kernel_height; ky > 0; --ky, line += kernel_line) {
        const int16_t *at = line;
        for (uint32_t k = g->pairs; k > 0; --k, w += 2, at += g->pair_step) {
          sum = whittle_pair_mac(sum, whittle_load_pair(at), whittle_load_pair(w));
        }
      }
      *output = (int8_t)whittle_scale(&task->scaler, sum);
    }
  }
}

/* Kernel 3 x 3 without horizontal dilation, stride 1: two outputs share four columns of the plane. */
static WHITTLE_NOINLINE void convolve_3x3(const geometry *g, const channel_task *task, uint32_t rows) {
  const whittle_depthwise_conv_2d_s8_params *const p = g->p;
  const uint32_t stride = g->out_stride;
  const int16_t *const w = task->weights;
  /* Per kernel row (w0, w1) and (w1, w2). */
  const int32_t u01 = whittle_load_pair(w), u12 = whittle_make_pair(w[1], w[2]);
  const int32_t v01 = whittle_load_pair(w + 4), v12 = whittle_make_pair(w[5], w[6]);
  const int32_t t01 = whittle_load_pair(w + 8), t12 = whittle_make_pair(w[9], w[10]);
  const int16_t *x = task->x;
  int8_t *output = task->output;
  for (; rows > 0; --rows) {
    const int16_t *y = x + p->dilation_height * g->width, *z = y + p->dilation_height * g->width;
    const int16_t *const next = x + p->stride_height * g->width;
    uint32_t i = p->output_width;
    for (; i >= 2; i -= 2, x += 2, y += 2, z += 2) {
      int32_t left = whittle_load_pair(x), right = whittle_load_pair(x + 2);
      int32_t sum = whittle_mac_low_high(whittle_pair_mac(task->start, left, u01), right, u12);
      int32_t second = whittle_mac_low_high(whittle_pair_mac(task->start, right, u12), u01, left);
      left = whittle_load_pair(y), right = whittle_load_pair(y + 2);
      sum = whittle_mac_low_high(whittle_pair_mac(sum, left, v01), right, v12);
      second = whittle_mac_low_high(whittle_pair_mac(second, right, v12), v01, left);
      left = whittle_load_pair(z), right = whittle_load_pair(z + 2);
      sum = whittle_mac_low_high(whittle_pair_mac(sum, left, t01), right, t12);
      second = whittle_mac_low_high(whittle_pair_mac(second, right, t12), t01, left);
      output[0] = (int8_t)whittle_scale(&task->scaler, sum);
      output[stride] = (int8_t)whittle_scale(&task->scaler, second);
      output += 2 * stride;
    }
    if (i > 0) {
      int32_t sum = whittle_pair_mac(task->start, whittle_load_pair(x), u01) + x[2] * w[2];
      sum = whittle_pair_mac(sum, whittle_load_pair(y), v01) + y[2] * w[6];
      sum = whittle_pair_mac(sum, whittle_load_pair(z), t01) + z[2] * w[10];
      *output = (int8_t)whittle_scale(&task->scaler, sum);
      output += stride;
    }
    x = next;
  }
}

void whittle_depthwise_conv_2d_s8(const whittle_depthwise_conv_2d_s8_params *params, const int8_t *input,
                                  const int8_t *weights, const int32_t *bias, const int32_t *multipliers,
                                  const int8_t *shifts, int16_t *scratch, int8_t *output) {
  const whittle_depthwise_conv_2d_s8_params *const p = params;
  geometry g;
  g.p = p;
  g.width = (p->output_width - 1u) * p->stride_width + (p->kernel_width - 1u) * p->dilation_width + 1u;
  g.pairs = p->dilation_width == 1 ? (p->kernel_width + 1u) / 2u : p->kernel_width;
  g.pair_step = p->dilation_width == 1 ? 2 : p->dilation_width;
  g.out_stride = (uint32_t)p->input_channels * p->multiplier;
  const uint32_t rows_below = (p->kernel_height - 1u) * p->dilation_height + 1u;
  const uint32_t plane_size = ((p->strip_rows - 1u) * p->stride_height + rows_below) * g.width;
  const uint32_t output_line = p->output_width * g.out_stride;
  const int is_3x3 = p->kernel_height == 3 && p->kernel_width == 3 && p->dilation_width == 1 && p->stride_width == 1;
  int16_t *const paired = scratch + (plane_size + 2) / 2 * 2;

  for (uint32_t n = p->batches; n > 0; --n) {
    for (uint32_t row = 0; row < p->output_height; row += p->strip_rows) {
      const uint32_t rows = p->output_height - row < p->strip_rows ? p->output_height - row : p->strip_rows;
      const int32_t top = (int32_t)(row * p->stride_height) - p->pad_top;
      memset(scratch, 0, (plane_size + 1) * sizeof *scratch); /* the padding, and what an odd row's last pair reads */
      for (uint32_t c = 0; c < g.out_stride; ++c) {
        if (p->multiplier == 1 || c % p->multiplier == 0) {
          gather_plane(&g, input + c / p->multiplier, top, (rows - 1) * p->stride_height + rows_below, scratch);
        }
        gather_weights(&g, weights + c, paired);
        const uint32_t at = c * p->channel_step;
        const channel_task task = {
          scratch, paired, bias ? 2 * bias[c] : 0,
          whittle_make_scaler(multipliers[at], shifts[at], p->output_zero_point), output + c,
        };
        if (is_3x3) {
          convolve_3x3(&g, &task, rows);
        } else {
          convolve(&g, &task, rows);
        }
      }
      output += rows * output_line;
    }
    input += (uint32_t)p->input_height * p->input_width * p->input_channels;
  }
}
