/*
 * A tile is a pixel of the left half of a row and the one as far to the right as the right half begins: words of both
 * then serve whole windows, and hardly anything lies in scratch twice.
 */
#include "whittle_conv_2d_rows_s8_armv6m.h"

#include <stddef.h>

#include "whittle_tiles_armv6m.h"

typedef struct {
  const whittle_conv_2d_rows_s8_armv6m_params *p;
  uint32_t span; /* pixels of a row in scratch */
  uint32_t line; /* words of a row in scratch */
  uint32_t jump; /* input pixels from the first of two to the second */
} geometry;

static inline uint32_t smaller(uint32_t a, uint32_t b) { return a < b ? a : b; }

/* Where, after column, it is decided anew whether a pixel lies in the image, which begins at `start`. */
static inline uint32_t next_border(int32_t start, uint32_t width, uint32_t column, uint32_t end) {
  if (start > (int32_t)column) return smaller(end, (uint32_t)start);
  const int32_t stop = start + (int32_t)width;
  return stop > (int32_t)column ? smaller(end, (uint32_t)stop) : end;
}

static void fill_row(const geometry *g, const int8_t *row, int32_t *to) {
  const whittle_conv_2d_rows_s8_armv6m_params *const p = g->p;
  const uint32_t channels = p->input_channels, width = p->input_width;
  const int32_t first_start = p->pad_left, second_start = first_start - (int32_t)g->jump;
  for (uint32_t column = 0; column < g->span;) {
    const uint32_t end = smaller(next_border(first_start, width, column, g->span),
                                 next_border(second_start, width, column, g->span));
    const uint32_t first = column - (uint32_t)first_start, second = column - (uint32_t)second_start;
    to = whittle_join_stretches(to, first < width ? row + first * channels : NULL,
                                second < width ? row + second * channels : NULL, (end - column) * channels,
                                p->input_zero_point);
    column = end;
  }
}

static void fill_strip(const geometry *g, const int8_t *image, int32_t row, uint32_t rows, int32_t *to) {
  const whittle_conv_2d_rows_s8_armv6m_params *const p = g->p;
  for (; rows > 0; --rows, ++row, to += g->line) {
    if (row < 0 || row >= p->input_height) {
      whittle_join_stretches(to, NULL, NULL, g->line, p->input_zero_point);
    } else {
      fill_row(g, image + (uint32_t)row * p->input_width * p->input_channels, to);
    }
  }
}

static void move_words(int32_t *to, const int32_t *from, uint32_t count) {
  for (; count >= 4; count -= 4, to += 4, from += 4) {
    const int32_t w0 = from[0], w1 = from[1], w2 = from[2], w3 = from[3];
    to[0] = w0;
    to[1] = w1;
    to[2] = w2;
    to[3] = w3;
  }
  for (; count > 0; --count) *to++ = *from++;
}

void whittle_conv_2d_rows_s8_armv6m(const whittle_conv_2d_rows_s8_armv6m_params *params, const int8_t *input,
                                    const uint32_t *weights, const int32_t *bias, const int32_t *multipliers,
                                    const int8_t *shifts, void (*pair)(const whittle_conv_pair_s8_armv6m_task *),
                                    int32_t *scratch, int8_t *output) {
  const whittle_conv_2d_rows_s8_armv6m_params *const p = params;
  const uint32_t half = (p->output_width + 1u) / 2u;
  geometry g;
  g.p = p;
  g.span = (half - 1u) * p->stride_width + p->kernel_width;
  g.line = g.span * p->input_channels;
  g.jump = half * p->stride_width;
  const uint32_t rows_below = (p->kernel_height - 1u) * p->dilation_height + 1u;
  const uint32_t strip_size = ((p->strip_rows - 1u) * p->stride_height + rows_below) * g.line;
  const uint32_t output_line = (uint32_t)p->output_width * p->output_channels;
  const whittle_channels_armv6m channels = {bias, multipliers, shifts, p->channel_step, p->output_zero_point};
  scratch[strip_size] = 0; /* an odd run reads it, against a weight of 0 */

  whittle_conv_pair_s8_armv6m_task task;
  task.stream = scratch + strip_size + 1;
  uint32_t *const spare = (uint32_t *)(void *)(task.stream + p->stream_words);
  task.runs = p->kernel_height;
  task.run_pairs = ((uint32_t)p->kernel_width * p->input_channels + 1u) / 2u;
  task.advance = (int32_t)(p->dilation_height * g.line * 4u) - (int32_t)(task.run_pairs * 8u);
  task.x = scratch;
  task.x_step = 4u * p->stride_width * p->input_channels;
  task.x_row = 4u * p->stride_height * g.line;
  task.x_last = (half - 1u) * task.x_step;
  task.output_step = p->output_channels;
  task.output_row = output_line;
  task.second = half * p->output_channels;
  task.last_second = p->output_width % 2u == 0 ? task.second : 0;
  task.form = p->form;

  for (uint32_t n = p->batches; n > 0; --n) {
    uint32_t kept = 0; /* rows at the top of the strip that the strip before has filled */
    for (uint32_t row = 0; row < p->output_height; row += p->strip_rows) {
      const uint32_t rows = smaller(p->output_height - row, p->strip_rows);
      const uint32_t needed = (rows - 1) * p->stride_height + rows_below;
      const int32_t top = (int32_t)(row * p->stride_height) - p->pad_top;
      kept = smaller(kept, needed);
      fill_strip(&g, input, top + (int32_t)kept, needed - kept, scratch + kept * g.line);
      task.rows = rows;
      task.weights = weights;
      task.output = output;
      whittle_run_pairs_armv6m(&task, &channels, 0, p->output_channels, spare, pair);
      output += rows * output_line;
      const uint32_t advance = rows * p->stride_height;
      kept = needed > advance ? needed - advance : 0;
      if (kept > 0) move_words(scratch, scratch + advance * g.line, kept * g.line);
    }
    input += (uint32_t)p->input_height * p->input_width * p->input_channels;
  }
}
