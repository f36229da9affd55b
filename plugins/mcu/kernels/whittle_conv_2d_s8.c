/*
 * A strip of input rows is widened to int16 with the zero point taken off and the padding filled in, so that
 * the loops below never test a border. The weights of four output channels are widened beside it, interleaved
 * in pairs, and serve every pixel of the strip, two pixels at a time: eight accumulators stay in registers.
 */
#include "whittle_conv_2d_s8.h"

#include "whittle_pair.h"
#include "whittle_requantize.h"

#define CHANNELS 4

/* What the window of an output looks like in the strip: stretches of consecutive elements. */
typedef struct {
  const int32_t *offsets; /* of each stretch from the window's corner */
  uint32_t stretches;
  uint32_t run;   /* elements in a stretch */
  uint32_t pairs; /* run / 2, rounded up */
  int shuffled;   /* each four elements lie in the order 0 2 1 3, in strip and weights */
} window;

typedef struct {
  int32_t start[CHANNELS];
  whittle_scaler scalers[CHANNELS];
  uint32_t channels; /* that exist, 1 to CHANNELS */
} channel_block;

/* int16 elements of a strip row from one output pixel, and from one output row, to the next. */
typedef struct {
  int32_t pixel, row;
} steps;

static void zero(int16_t *to, uint32_t count) {
  if (count > 0) memset(to, 0, count * sizeof *to);
}

static WHITTLE_NOINLINE void fill_strip(const whittle_conv_2d_s8_params *p, const int8_t *image, int32_t row,
                                        uint32_t rows, uint32_t width, int shuffled, int16_t *to) {
  const uint32_t channels = p->input_channels;
  const uint32_t left = p->pad_left * channels;
  const uint32_t line = width * channels;
  const uint32_t whole = p->input_width * channels;
  const uint32_t room = line > left ? line - left : 0;
  const uint32_t used = whole < room ? whole : room;
  for (; rows > 0; --rows, ++row, to += line) {
    if (row < 0 || row >= p->input_height || used == 0) {
      zero(to, line);
      continue;
    }
    zero(to, left);
    const int8_t *from = image + (uint32_t)row * whole;
    if (shuffled) {
      whittle_widen_shuffled(to + left, from, used, p->input_zero_point);
    } else {
      whittle_widen(to + left, from, used, -2 * p->input_zero_point);
    }
    zero(to + left + used, line - left - used);
  }
}

/* All of one channel's weights, a multiple of 4, shuffled on the way: pair k goes to to[8 * k]. */
static inline void unpack_shuffled(const int8_t *from, uint32_t run, int16_t *to) {
  for (const int8_t *const end = from + run; from != end; from += 4, to += 4 * CHANNELS) {
    const uint32_t bytes = whittle_load_bytes(from);
    whittle_store_pair(to, whittle_even_bytes(bytes));
    whittle_store_pair(to + 2 * CHANNELS, whittle_odd_bytes(bytes));
  }
}

/* A stretch of one channel's weights: pair k goes to to[8 * k]. Returns where the next stretch goes. */
static inline int16_t *unpack_stretch(const int8_t *from, uint32_t run, int16_t *to) {
  for (; run >= 2; run -= 2, from += 2, to += 2 * CHANNELS) {
    to[0] = from[0];
    to[1] = from[1];
  }
  if (run > 0) {
    to[0] = from[0];
    to[1] = 0;
    to += 2 * CHANNELS;
  }
  return to;
}

/* Pair k of channel c goes to to[(4 * k + c) * 2]; missing channels repeat the last one. */
static WHITTLE_NOINLINE void unpack_weights(const int8_t *from, uint32_t size, uint32_t channels, const window *w,
                                            int16_t *to) {
  for (uint32_t c = 0; c < CHANNELS; ++c) {
    int16_t *at = to + 2 * c;
    const int8_t *weight = from + (c < channels ? c : channels - 1) * size;
    if (w->shuffled) {
      unpack_shuffled(weight, size, at);
      continue;
    }
    for (uint32_t s = w->stretches; s > 0; --s, weight += w->run) at = unpack_stretch(weight, w->run, at);
  }
}

typedef struct {
  int32_t x0, x1, x2, x3; /* channels of the first pixel */
  int32_t y0, y1, y2, y3; /* channels of the second pixel */
} tile;

static inline void accumulate_pair(tile *t, const int16_t *x, const int16_t *y, const int16_t *w) {
  const int32_t a = whittle_load_pair(x), b = whittle_load_pair(y);
  const int32_t w0 = whittle_load_pair(w);
  t->x0 = whittle_pair_mac(t->x0, a, w0);
  t->y0 = whittle_pair_mac(t->y0, b, w0);
  const int32_t w1 = whittle_load_pair(w + 2);
  t->x1 = whittle_pair_mac(t->x1, a, w1);
  t->y1 = whittle_pair_mac(t->y1, b, w1);
  const int32_t w2 = whittle_load_pair(w + 4);
  t->x2 = whittle_pair_mac(t->x2, a, w2);
  t->y2 = whittle_pair_mac(t->y2, b, w2);
  const int32_t w3 = whittle_load_pair(w + 6);
  t->x3 = whittle_pair_mac(t->x3, a, w3);
  t->y3 = whittle_pair_mac(t->y3, b, w3);
}

/* Doubled sums of the windows at x and y, CHANNELS each. */
static WHITTLE_NOINLINE void accumulate(const window *shape, const int32_t *start, const int16_t *x_corner,
                                        const int16_t *y_corner, const int16_t *w, int32_t *sums) {
  tile t = {start[0], start[1], start[2], start[3], start[0], start[1], start[2], start[3]};
  const int32_t *offset = shape->offsets;
  for (uint32_t s = shape->stretches; s > 0; --s) {
    const int16_t *x = x_corner + *offset, *y = y_corner + *offset;
    ++offset;
    const int16_t *const end = w + (shape->pairs & ~3u) * 2 * CHANNELS;
    for (; w != end; w += 8 * CHANNELS, x += 8, y += 8) {
      accumulate_pair(&t, x, y, w);
      accumulate_pair(&t, x + 2, y + 2, w + 2 * CHANNELS);
      accumulate_pair(&t, x + 4, y + 4, w + 4 * CHANNELS);
      accumulate_pair(&t, x + 6, y + 6, w + 6 * CHANNELS);
    }
    for (uint32_t k = shape->pairs & 3u; k > 0; --k, w += 2 * CHANNELS, x += 2, y += 2) {
      accumulate_pair(&t, x, y, w);
    }
  }
  sums[0] = t.x0;
  sums[1] = t.x1;
  sums[2] = t.x2;
  sums[3] = t.x3;
  sums[4] = t.y0;
  sums[5] = t.y1;
  sums[6] = t.y2;
  sums[7] = t.y3;
}

/* The outputs of two pixels. */
static inline void put_pair(const channel_block *block, const int32_t *sums, int8_t *first, int8_t *second) {
  const whittle_scaler *scaler = block->scalers, *const end = scaler + block->channels;
  for (; scaler != end; ++scaler, ++sums) {
    const int32_t multiplier = scaler->multiplier, nudge = scaler->nudge, right = scaler->right;
    if (right > 0) {
      *first++ = (int8_t)whittle_scale_short(sums[0], multiplier, nudge, right);
      *second++ = (int8_t)whittle_scale_short(sums[CHANNELS], multiplier, nudge, right);
    } else {
      *first++ = (int8_t)whittle_scale(scaler, sums[0]);
      *second++ = (int8_t)whittle_scale(scaler, sums[CHANNELS]);
    }
  }
}

static WHITTLE_NOINLINE void convolve_strip(const window *shape, const channel_block *block, steps step,
                                            uint32_t rows, uint32_t columns, const int16_t *strip,
                                            const int16_t *weights, int8_t *output, uint32_t output_step) {
  const int16_t *x = strip;
  const int32_t line_step = step.row - (int32_t)columns * step.pixel;
  uint32_t column = columns;
  for (uint32_t left = rows * columns; left > 0;) {
    const int16_t *y = x + step.pixel;
    if (--column == 0) {
      column = columns;
      y += line_step;
    }
    /* A last pixel without a partner is its own. */
    if (left == 1) y = x;
    int32_t sums[2 * CHANNELS];
    accumulate(shape, block->start, x, y, weights, sums);
    int8_t *const second = left == 1 ? output : output + output_step;
    put_pair(block, sums, output, second);
    if (left == 1) break;
    left -= 2;
    output = second + output_step;
    x = y + step.pixel;
    if (--column == 0) {
      column = columns;
      x += line_step;
    }
  }
}

/* Fills the table of offsets that `shape` refers to. */
static void lay_out_window(const whittle_conv_2d_s8_params *p, uint32_t runs, uint32_t line, int32_t *offsets) {
  for (uint32_t ky = 0; ky < p->kernel_height; ++ky) {
    for (uint32_t r = 0; r < runs; ++r) {
      *offsets++ = (int32_t)(ky * p->dilation_height * line + r * p->dilation_width * p->input_channels);
    }
  }
}

void whittle_conv_2d_s8(const whittle_conv_2d_s8_params *params, const int8_t *input, const int8_t *weights,
                        const int32_t *bias, const int32_t *multipliers, const int8_t *shifts,
                        int16_t *scratch, int8_t *output) {
  const whittle_conv_2d_s8_params *const p = params;
  const uint32_t depth = (uint32_t)p->input_channels / p->groups;
  const uint32_t group_size = (uint32_t)p->output_channels / p->groups;
  const uint32_t width = (p->output_width - 1u) * p->stride_width + (p->kernel_width - 1u) * p->dilation_width + 1u;
  const uint32_t line = width * p->input_channels;
  const uint32_t rows_below = (p->kernel_height - 1u) * p->dilation_height + 1u;
  const uint32_t strip_size = ((p->strip_rows - 1u) * p->stride_height + rows_below) * line;
  const uint32_t runs = p->groups == 1 && p->dilation_width == 1 ? 1 : p->kernel_width;
  const steps step = {p->stride_width * p->input_channels, p->stride_height * (int32_t)line};

  int32_t *const offsets = (int32_t *)(void *)scratch;
  lay_out_window(p, runs, line, offsets);
  window shape;
  shape.offsets = offsets;
  shape.stretches = p->kernel_height * runs;
  shape.run = p->kernel_width / runs * depth;
  shape.pairs = (shape.run + 1) / 2;
  shape.shuffled = depth % 4 == 0;
  const uint32_t filter = shape.stretches * shape.run;

  int16_t *const strip = scratch + 2 * shape.stretches;
  int16_t *const unpacked = strip + (strip_size + 2) / 2 * 2;
  strip[strip_size] = 0; /* the last pair of an odd run may read it, against a weight of 0 */

  for (uint32_t n = p->batches; n > 0; --n) {
    uint32_t kept = 0; /* rows at the top of the strip that the strip before has filled */
    for (uint32_t row = 0; row < p->output_height; row += p->strip_rows) {
      const uint32_t rows = p->output_height - row < p->strip_rows ? p->output_height - row : p->strip_rows;
      const uint32_t needed = (rows - 1) * p->stride_height + rows_below;
      const int32_t top = (int32_t)(row * p->stride_height) - p->pad_top;
      if (kept > needed) kept = needed;
      fill_strip(p, input, top + (int32_t)kept, needed - kept, width, shape.shuffled,
                 strip + kept * line);
      for (uint32_t g = 0; g < p->groups; ++g) {
        for (uint32_t c = 0; c < group_size; c += CHANNELS) {
          const uint32_t channel = g * group_size + c;
          channel_block block;
          block.channels = group_size - c < CHANNELS ? group_size - c : CHANNELS;
          for (uint32_t i = 0; i < CHANNELS; ++i) {
            const uint32_t each = channel + (i < block.channels ? i : 0);
            const uint32_t at = each * p->channel_step;
            block.start[i] = bias ? 2 * bias[each] : 0;
            block.scalers[i] = whittle_make_scaler(multipliers[at], shifts[at], p->output_zero_point);
          }
          unpack_weights(weights + channel * filter, filter, block.channels, &shape, unpacked);
          convolve_strip(&shape, &block, step, rows, p->output_width, strip + g * depth, unpacked, output + channel,
                         p->output_channels);
        }
      }
      output += rows * p->output_width * p->output_channels;
      const uint32_t advance = rows * p->stride_height;
      kept = needed > advance ? needed - advance : 0;
      if (kept > 0) memmove(strip, strip + advance * line, kept * line * sizeof *strip);
    }
    input += (uint32_t)p->input_height * p->input_width * p->input_channels;
  }
}
