/*
 * One channel at a time: its plane is gathered into words with the padding filled in. A tile is two pixels, one below the
 * other; of a single row, one of either half.
 */
#include "whittle_depthwise_conv_2d_s8_armv6m.h"

#include "whittle_requantize.h"
#include "whittle_scaler_armv6m.h"

typedef struct {
  const whittle_depthwise_conv_2d_s8_armv6m_params *p;
  uint32_t width;   /* words in a row of the plane */
  uint32_t columns; /* of them, those that lie in the image */
  uint32_t outputs; /* output channels */
} geometry;

typedef void (*plane_kernel)(const whittle_depthwise_plane_s8_armv6m_task *);

/* Writes the image's part of a channel's plane; the padding around it is left as it is. */
static WHITTLE_NOINLINE void gather_plane(const geometry *g, const int8_t *channel, int32_t row, uint32_t rows,
                                          int32_t *to) {
  const whittle_depthwise_conv_2d_s8_armv6m_params *const p = g->p;
  const uint32_t step = p->input_channels, gap = g->width - g->columns;
  const uint32_t skipped = (p->input_width - g->columns) * step;
  const int32_t first = row > 0 ? row : 0, end = row + (int32_t)rows;
  const int32_t last = end < p->input_height ? end : p->input_height;
  int32_t *x = to + (uint32_t)(first - row) * g->width + p->pad_left;
  const int8_t *from = channel + (uint32_t)first * p->input_width * step;
  for (int32_t r = first; r < last; ++r, x += gap, from += skipped) {
    for (int32_t *const stop = x + g->columns; x != stop; from += step) *x++ = *from;
  }
}

static void fill(int32_t *to, uint32_t count, int32_t value) {
  for (int32_t *const end = to + count; to != end;) *to++ = value;
}

/* `rows` output rows of a channel whose plane and taps are there. */
static void convolve(const geometry *g, whittle_depthwise_plane_s8_armv6m_task *task, const int32_t *x,
                     int8_t *output, uint32_t rows, plane_kernel plane) {
  const whittle_depthwise_conv_2d_s8_armv6m_params *const p = g->p;
  const uint32_t row = 4u * p->stride_height * g->width, output_row = p->output_width * g->outputs;
  const int32_t window = (int32_t)((p->kernel_height - 1u) * p->dilation_height * g->width + p->kernel_width) * 4;
  task->x = x;
  task->output = output;
  task->lines = rows / 2;
  if (task->lines > 0) {
    task->x_span = p->output_width * task->x_step;
    task->x_line = 2 * row;
    task->output_line = 2 * output_row;
    task->pair = (int32_t)row - window;
    task->output_pair = output_row;
    plane(task);
  }
  if (rows % 2 > 0) {
    const uint32_t half = (p->output_width + 1u) / 2u, second = p->output_width - half;
    task->x = x + (rows - 1) * row / 4;
    task->output = output + (rows - 1) * output_row;
    task->lines = 1;
    task->x_span = half * task->x_step;
    task->pair = (int32_t)(second * task->x_step) - window;
    task->output_pair = second * g->outputs;
    plane(task);
  }
}

void whittle_depthwise_conv_2d_s8_armv6m(const whittle_depthwise_conv_2d_s8_armv6m_params *params, const int8_t *input,
                                         const int8_t *weights, const int32_t *bias, const int32_t *multipliers,
                                         const int8_t *shifts, plane_kernel plane, int32_t *scratch, int8_t *output) {
  const whittle_depthwise_conv_2d_s8_armv6m_params *const p = params;
  const uint32_t taps = (uint32_t)p->kernel_height * p->kernel_width;
  geometry g;
  g.p = p;
  g.width = (p->output_width - 1u) * p->stride_width + p->kernel_width;
  const uint32_t room = g.width > p->pad_left ? g.width - p->pad_left : 0;
  g.columns = p->input_width < room ? p->input_width : room;
  g.outputs = (uint32_t)p->input_channels * p->multiplier;
  const uint32_t rows_below = (p->kernel_height - 1u) * p->dilation_height + 1u;

  whittle_depthwise_plane_s8_armv6m_task task;
  task.x_step = 4u * p->stride_width;
  task.row = (int32_t)(p->dilation_height * g.width) * 4 - p->kernel_width * 4;
  task.output_step = g.outputs;

  for (uint32_t n = p->batches; n > 0; --n) {
    for (uint32_t row = 0; row < p->output_height; row += p->strip_rows) {
      const uint32_t rows = p->output_height - row < p->strip_rows ? p->output_height - row : p->strip_rows;
      const uint32_t height = (rows - 1) * p->stride_height + rows_below;
      const int32_t top = (int32_t)(row * p->stride_height) - p->pad_top;
      fill(scratch, height * g.width, p->input_zero_point);
      const int8_t *channel = input;
      for (uint32_t c = 0, copies = 0; c < g.outputs; ++c) {
        if (copies == 0) {
          gather_plane(&g, channel++, top, height, scratch);
          copies = p->multiplier;
        }
        --copies;
        const int8_t *weight = weights + c;
        int32_t *const end = task.taps + taps;
        for (int32_t *tap = task.taps; tap != end; weight += g.outputs) *tap++ = *weight;
        const uint32_t at = c * p->channel_step;
        whittle_make_scaler_armv6m((whittle_scaler_armv6m *)(void *)end, p->form, multipliers[at], shifts[at],
                                   p->output_zero_point);
        task.bias = bias[c];
        convolve(&g, &task, scratch, output + c, rows, plane);
      }
      output += rows * p->output_width * g.outputs;
    }
    input += (uint32_t)p->input_height * p->input_width * p->input_channels;
  }
}
