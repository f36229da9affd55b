/*
 * A strip of input rows is widened to int16 with the zero point taken off, doubled, and the padding filled in. The
 * weights of eight output channels are widened beside it in pairs: the lanes of a vector are channels, and a pair of
 * activations is multiplied with four channels at once. Four pixels times eight channels are eight accumulators, whose
 * lanes go through the output stage and to memory as they lie.
 */
#include "whittle_conv_2d_s8_simd128.h"

#include "whittle_channel_block_simd128.h"
#include "whittle_simd128.h"
#include "whittle_widen_simd128.h"

#define CHANNELS WHITTLE_BLOCK_CHANNELS
#define PIXELS 4

/* What the window of an output looks like in the strip: stretches of consecutive elements. */
typedef struct {
  const int32_t *offsets; /* of each stretch from the window's corner */
  uint32_t stretches;
  uint32_t run;   /* elements in a stretch */
  uint32_t pairs; /* run / 2, rounded up */
} window;

/* Where the next pixel's window starts, in a walk over rows and columns. */
typedef struct {
  const int16_t *corner;
  uint32_t column, columns;
  int32_t pixel_step, line_step; /* to the next pixel; more at the end of a row */
} walk;

static inline const int16_t *next_pixel(walk *at) {
  const int16_t *const corner = at->corner;
  at->corner += at->pixel_step;
  if (++at->column == at->columns) {
    at->column = 0;
    at->corner += at->line_step;
  }
  return corner;
}

static void fill_strip(const whittle_conv_2d_s8_params *p, const int8_t *image, int32_t row, uint32_t rows,
                       uint32_t width, int16_t *to) {
  const uint32_t channels = p->input_channels;
  const uint32_t left = p->pad_left * channels;
  const uint32_t line = width * channels;
  const uint32_t whole = p->input_width * channels;
  const uint32_t room = line > left ? line - left : 0;
  const uint32_t used = whole < room ? whole : room;
  for (; rows > 0; --rows, ++row, to += line) {
    if (row < 0 || row >= p->input_height || used == 0) {
      memset(to, 0, line * sizeof *to);
      continue;
    }
    memset(to, 0, left * sizeof *to);
    whittle_widen_doubled(to + left, image + (uint32_t)row * whole, used, p->input_zero_point);
    memset(to + left + used, 0, (line - left - used) * sizeof *to);
  }
}

/* Pair k of channel c goes to to[(8 * k + c) * 2]; missing channels repeat the last one. */
static void unpack_weights(const int8_t *from, uint32_t channels, const window *w, int16_t *to) {
  const uint32_t filter = w->stretches * w->run;
  for (uint32_t c = 0; c < CHANNELS; ++c) {
    const int8_t *weight = from + (c < channels ? c : channels - 1) * filter;
    int16_t *at = to + 2 * c;
    for (uint32_t s = w->stretches; s > 0; --s) {
      uint32_t k = w->run;
      for (; k >= 2; k -= 2, weight += 2, at += 2 * CHANNELS) {
        at[0] = weight[0];
        at[1] = weight[1];
      }
      if (k > 0) {
        at[0] = *weight++;
        at[1] = 0;
        at += 2 * CHANNELS;
      }
    }
  }
}

/* Eight channels of the four pixels whose windows start at x; `exist` of them are stored. */
static inline void convolve_tile(const window *shape, const whittle_channel_block *block, const int16_t *const x[PIXELS],
                                 const int16_t *w, uint32_t exist, int8_t *output, uint32_t output_step) {
  whittle_v128 a0 = block->start[0], a1 = block->start[1], b0 = a0, b1 = a1, c0 = a0, c1 = a1, d0 = a0, d1 = a1;
  const int32_t *offset = shape->offsets;
  for (uint32_t s = shape->stretches; s > 0; --s, ++offset) {
    const int16_t *xa = x[0] + *offset, *xb = x[1] + *offset, *xc = x[2] + *offset, *xd = x[3] + *offset;
    for (uint32_t k = shape->pairs; k > 0; --k, w += 2 * CHANNELS, xa += 2, xb += 2, xc += 2, xd += 2) {
      const whittle_v128 w0 = whittle_v_load(w), w1 = whittle_v_load(w + CHANNELS);
      whittle_v128 pair = whittle_v_load_pairs(xa);
      a0 = whittle_v_add32(a0, whittle_v_dot(pair, w0));
      a1 = whittle_v_add32(a1, whittle_v_dot(pair, w1));
      pair = whittle_v_load_pairs(xb);
      b0 = whittle_v_add32(b0, whittle_v_dot(pair, w0));
      b1 = whittle_v_add32(b1, whittle_v_dot(pair, w1));
      pair = whittle_v_load_pairs(xc);
      c0 = whittle_v_add32(c0, whittle_v_dot(pair, w0));
      c1 = whittle_v_add32(c1, whittle_v_dot(pair, w1));
      pair = whittle_v_load_pairs(xd);
      d0 = whittle_v_add32(d0, whittle_v_dot(pair, w0));
      d1 = whittle_v_add32(d1, whittle_v_dot(pair, w1));
    }
  }
  whittle_put_channels(block, a0, a1, output);
  if (exist > 1) whittle_put_channels(block, b0, b1, output + output_step);
  if (exist > 2) whittle_put_channels(block, c0, c1, output + 2 * output_step);
  if (exist > 3) whittle_put_channels(block, d0, d1, output + 3 * output_step);
}

static void convolve_strip(const window *shape, const whittle_channel_block *block, walk at, uint32_t pixels,
                           const int16_t *weights, int8_t *output, uint32_t output_step) {
  while (pixels > 0) {
    const uint32_t exist = pixels < PIXELS ? pixels : PIXELS;
    const int16_t *x[PIXELS];
    /* Pixels beyond the last one repeat it. */
    for (uint32_t i = 0; i < PIXELS; ++i) x[i] = i < exist ? next_pixel(&at) : x[i - 1];
    convolve_tile(shape, block, x, weights, exist, output, output_step);
    output += exist * output_step;
    pixels -= exist;
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

void whittle_conv_2d_s8_simd128(const whittle_conv_2d_s8_params *params, const int8_t *input, const int8_t *weights,
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

  const whittle_channel_constants constants = {bias, multipliers, shifts, p->channel_step, p->output_zero_point};
  int32_t *const offsets = (int32_t *)(void *)scratch;
  lay_out_window(p, runs, line, offsets);
  window shape;
  shape.offsets = offsets;
  shape.stretches = p->kernel_height * runs;
  shape.run = p->kernel_width / runs * depth;
  shape.pairs = (shape.run + 1) / 2;
  const uint32_t filter = shape.stretches * shape.run;
  const int32_t pixel_step = p->stride_width * p->input_channels;

  int16_t *const strip = scratch + 2 * shape.stretches;
  int16_t *const unpacked = strip + (strip_size + 2) / 2 * 2;
  strip[strip_size] = 0; /* the last pair of an odd run may read it, against a weight of 0 */

  for (uint32_t n = p->batches; n > 0; --n) {
    for (uint32_t row = 0; row < p->output_height; row += p->strip_rows) {
      const uint32_t rows = p->output_height - row < p->strip_rows ? p->output_height - row : p->strip_rows;
      const int32_t top = (int32_t)(row * p->stride_height) - p->pad_top;
      fill_strip(p, input, top, (rows - 1) * p->stride_height + rows_below, width, strip);
      for (uint32_t g = 0; g < p->groups; ++g) {
        const walk at = {
          strip + g * depth, 0, p->output_width, pixel_step,
          (int32_t)(p->stride_height * line) - (int32_t)p->output_width * pixel_step,
        };
        for (uint32_t c = 0; c < group_size; c += CHANNELS) {
          const uint32_t channel = g * group_size + c;
          const whittle_channel_block block = whittle_make_channel_block(&constants, channel, group_size - c);
          unpack_weights(weights + channel * filter, block.channels, &shape, unpacked);
          convolve_strip(&shape, &block, at, rows * p->output_width, unpacked, output + channel, p->output_channels);
        }
      }
      output += rows * p->output_width * p->output_channels;
    }
    input += (uint32_t)p->input_height * p->input_width * p->input_channels;
  }
}
