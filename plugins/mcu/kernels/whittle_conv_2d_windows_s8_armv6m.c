/*
 * A tile is two consecutive pixels, and its window lies in scratch as one run of taps.
 */
#include "whittle_conv_2d_windows_s8_armv6m.h"

#include <stddef.h>

#include "whittle_tiles_armv6m.h"

typedef struct {
  const whittle_conv_2d_windows_s8_armv6m_params *p;
  uint32_t depth; /* input channels of a group */
  uint32_t run;   /* elements of a window that lie side by side in the image */
} geometry;

/* Where a window begins. */
typedef struct {
  int32_t row, column;
} corner;

/* The stretch of a window at a position of the image; NULL if that lies outside. */
static inline const int8_t *element(const geometry *g, const int8_t *image, int32_t row, int32_t column) {
  const whittle_conv_2d_windows_s8_armv6m_params *const p = g->p;
  if (row < 0 || row >= p->input_height || column < 0 || column >= p->input_width) return NULL;
  return image + ((uint32_t)row * p->input_width + (uint32_t)column) * p->input_channels;
}

/* Whether a row of a window lies in the image, or outside of it, as a whole. */
static inline int is_uniform(const geometry *g, int32_t row, int32_t column) {
  const whittle_conv_2d_windows_s8_armv6m_params *const p = g->p;
  if (row < 0 || row >= p->input_height) return 1;
  return column >= 0 && column + p->kernel_width <= p->input_width;
}

static int32_t *join_windows(const geometry *g, const int8_t *image, corner first, corner second, int32_t *to) {
  const whittle_conv_2d_windows_s8_armv6m_params *const p = g->p;
  const int whole = g->run > g->depth;
  for (uint32_t ky = p->kernel_height; ky > 0; --ky) {
    if (whole && is_uniform(g, first.row, first.column) && is_uniform(g, second.row, second.column)) {
      to = whittle_join_stretches(to, element(g, image, first.row, first.column),
                                  element(g, image, second.row, second.column), g->run, p->input_zero_point);
    } else {
      int32_t offset = 0;
      for (uint32_t kx = p->kernel_width; kx > 0; --kx, offset += p->dilation_width) {
        to = whittle_join_stretches(to, element(g, image, first.row, first.column + offset),
                                    element(g, image, second.row, second.column + offset), g->depth,
                                    p->input_zero_point);
      }
    }
    first.row += p->dilation_height;
    second.row += p->dilation_height;
  }
  return to;
}

static inline corner next_corner(const whittle_conv_2d_windows_s8_armv6m_params *p, corner at, uint32_t *column) {
  at.column += p->stride_width;
  if (++*column == p->output_width) {
    *column = 0;
    at.column = -(int32_t)p->pad_left;
    at.row += p->stride_height;
  }
  return at;
}

/* The windows of `count` output pixels from `at` in column `column` on, two by two. */
static void join_block(const geometry *g, const int8_t *image, corner at, uint32_t column, uint32_t count,
                       uint32_t taps, int32_t *to) {
  for (; count >= 2; count -= 2, to += taps) {
    const corner second = next_corner(g->p, at, &column);
    join_windows(g, image, at, second, to);
    at = next_corner(g->p, second, &column);
  }
  if (count > 0) join_windows(g, image, at, at, to);
}

void whittle_conv_2d_windows_s8_armv6m(const whittle_conv_2d_windows_s8_armv6m_params *params, const int8_t *input,
                                       const uint32_t *weights, const int32_t *bias, const int32_t *multipliers,
                                       const int8_t *shifts, void (*pair)(const whittle_conv_pair_s8_armv6m_task *),
                                       int32_t *scratch, int8_t *output) {
  const whittle_conv_2d_windows_s8_armv6m_params *const p = params;
  const uint32_t pixels = (uint32_t)p->output_height * p->output_width;
  const uint32_t group_size = (uint32_t)p->output_channels / p->groups;
  geometry g;
  g.p = p;
  g.depth = (uint32_t)p->input_channels / p->groups;
  g.run = p->groups == 1 && p->dilation_width == 1 ? p->kernel_width * g.depth : g.depth;
  const uint32_t pairs = ((uint32_t)p->kernel_height * p->kernel_width * g.depth + 1u) / 2u;
  const whittle_channels_armv6m channels = {bias, multipliers, shifts, p->channel_step, p->output_zero_point};

  whittle_conv_pair_s8_armv6m_task task;
  task.stream = scratch + (p->block_pixels / 2u) * 2u * pairs;
  uint32_t *const spare = (uint32_t *)(void *)(task.stream + p->stream_words);
  task.runs = 1;
  task.run_pairs = pairs;
  task.advance = 0;
  task.x = scratch;
  task.x_step = 8u * pairs;
  task.x_row = 0;
  task.rows = 1;
  task.output_step = 2u * p->output_channels;
  task.output_row = 0;
  task.second = p->output_channels;
  task.form = p->form;

  for (uint32_t n = p->batches; n > 0; --n) {
    for (uint32_t start = 0; start < pixels; start += p->block_pixels) {
      const uint32_t count = pixels - start < p->block_pixels ? pixels - start : p->block_pixels;
      const uint32_t row = start / p->output_width, column = start - row * p->output_width;
      const corner at = {(int32_t)(row * p->stride_height) - p->pad_top,
                         (int32_t)(column * p->stride_width) - p->pad_left};
      task.x_last = (count - 1u) / 2u * task.x_step;
      task.last_second = count % 2u == 0 ? task.second : 0;
      task.weights = weights;
      for (uint32_t k = 0; k < p->groups; ++k) {
        join_block(&g, input + k * g.depth, at, column, count, 2u * pairs, scratch);
        task.output = output + k * group_size;
        whittle_run_pairs_armv6m(&task, &channels, k * group_size, (k + 1u) * group_size, spare, pair);
      }
      output += count * p->output_channels;
    }
    input += (uint32_t)p->input_height * p->input_width * p->input_channels;
  }
}
