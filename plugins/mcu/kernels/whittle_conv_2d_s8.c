/*
 * A strip of input rows is widened to int16 with the zero point taken off and the padding filled in, so that
 * the loops below never test a border. The weights of four output channels are widened beside it, interleaved
 * in pairs, and serve every pixel of the strip, two pixels at a time: eight accumulators stay in registers.
 */
#include "whittle_conv_2d_s8.h"

#include "whittle_pair.h"
#include "whittle_requantize.h"

#define CHANNELS 4

typedef struct {
  uint32_t runs;  /* stretches of consecutive input elements in a kernel row */
  uint32_t run;   /* elements in one */
  uint32_t pairs; /* run / 2, rounded up */
  int32_t run_step, row_step; /* strip elements from one run, and from one kernel row, to the next */
} taps;

typedef struct {
  int32_t a0, a1, a2, a3; /* first pixel */
  int32_t b0, b1, b2, b3; /* second pixel */
} tile;

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
    whittle_widen(to + left, image + (uint32_t)row * whole, used, -2 * p->input_zero_point);
    memset(to + left + used, 0, (line - left - used) * sizeof *to);
  }
}

/* Pair k of channel c goes to to[(4 * k + c) * 2]; missing channels repeat the last one. */
static void unpack_weights(const int8_t *from, uint32_t size, uint32_t channels, uint32_t stretches,
                           const taps *t, int16_t *to) {
  for (uint32_t c = 0; c < CHANNELS; ++c) {
    int16_t *at = to + 2 * c;
    const int8_t *weight = from + (c < channels ? c : channels - 1) * size;
    for (uint32_t s = stretches; s > 0; --s) {
      for (uint32_t k = t->run >> 1; k > 0; --k, weight += 2, at += 2 * CHANNELS) {
        const int16_t first = weight[0], second = weight[1];
        at[0] = first;
        at[1] = second;
      }
      if (t->run & 1u) {
        at[0] = *weight++;
        at[1] = 0;
        at += 2 * CHANNELS;
      }
    }
  }
}

static inline void accumulate_pair(tile *t, const int16_t *x, const int16_t *y, const int16_t *w) {
  const int32_t a = whittle_load_pair(x), b = whittle_load_pair(y);
  const int32_t w0 = whittle_load_pair(w);
  t->a0 = whittle_pair_mac(t->a0, a, w0);
  t->b0 = whittle_pair_mac(t->b0, b, w0);
  const int32_t w1 = whittle_load_pair(w + 2);
  t->a1 = whittle_pair_mac(t->a1, a, w1);
  t->b1 = whittle_pair_mac(t->b1, b, w1);
  const int32_t w2 = whittle_load_pair(w + 4);
  t->a2 = whittle_pair_mac(t->a2, a, w2);
  t->b2 = whittle_pair_mac(t->b2, b, w2);
  const int32_t w3 = whittle_load_pair(w + 6);
  t->a3 = whittle_pair_mac(t->a3, a, w3);
  t->b3 = whittle_pair_mac(t->b3, b, w3);
}

static inline tile accumulate(tile sums, const taps *t, uint32_t kernel_height, const int16_t *x, const int16_t *y,
                              const int16_t *w) {
  for (uint32_t ky = kernel_height; ky > 0; --ky, x += t->row_step, y += t->row_step) {
    const int16_t *xr = x, *yr = y;
    for (uint32_t r = t->runs; r > 0; --r, xr += t->run_step, yr += t->run_step) {
      const int16_t *xk = xr, *yk = yr;
      const int16_t *const end = w + (t->pairs & ~3u) * 2 * CHANNELS;
      for (; w != end; w += 8 * CHANNELS, xk += 8, yk += 8) {
        accumulate_pair(&sums, xk, yk, w);
        accumulate_pair(&sums, xk + 2, yk + 2, w + 2 * CHANNELS);
        accumulate_pair(&sums, xk + 4, yk + 4, w + 4 * CHANNELS);
        accumulate_pair(&sums, xk + 6, yk + 6, w + 6 * CHANNELS);
      }
      for (uint32_t k = t->pairs & 3u; k > 0; --k, w += 2 * CHANNELS, xk += 2, yk += 2) {
        accumulate_pair(&sums, xk, yk, w);
      }
    }
  }
  return sums;
}

typedef struct {
  const int32_t *bias, *multipliers;
  const int8_t *shifts;
  uint32_t step;
  int32_t zero_point;
} output_stage;

static inline void put(const output_stage *stage, uint32_t channel, int32_t a, int32_t b, int8_t *to_a, int8_t *to_b) {
  const uint32_t at = channel * stage->step;
  const whittle_scaler scaler = whittle_make_scaler(stage->multipliers[at], stage->shifts[at], stage->zero_point);
  to_a[channel] = (int8_t)whittle_scale(&scaler, a);
  to_b[channel] = (int8_t)whittle_scale(&scaler, b);
}

/* Walks over the output pixels of a strip. */
typedef struct {
  const int16_t *x;
  uint32_t column;
} cursor;

static inline cursor next_pixel(cursor at, uint32_t columns, int32_t pixel_step, int32_t line_step) {
  at.x += pixel_step;
  if (++at.column == columns) {
    at.column = 0;
    at.x += line_step;
  }
  return at;
}

static void convolve_strip(const whittle_conv_2d_s8_params *p, const taps *t, const output_stage *stage,
                           uint32_t channel, uint32_t channels, uint32_t rows, int32_t line,
                           const int16_t *strip, const int16_t *weights, int8_t *output) {
  const int32_t pixel_step = p->stride_width * p->input_channels;
  const int32_t line_step = p->stride_height * line - p->output_width * pixel_step;
  tile start = {0, 0, 0, 0, 0, 0, 0, 0};
  if (stage->bias) {
    const int32_t *bias = stage->bias + channel;
    start.a0 = start.b0 = 2 * bias[0];
    if (channels > 1) start.a1 = start.b1 = 2 * bias[1];
    if (channels > 2) start.a2 = start.b2 = 2 * bias[2];
    if (channels > 3) start.a3 = start.b3 = 2 * bias[3];
  }
  cursor at = {strip, 0};
  for (uint32_t left = rows * p->output_width; left > 0; left -= left > 1 ? 2 : 1) {
    const int16_t *x = at.x, *y = x;
    int8_t *to_x = output, *to_y = output;
    at = next_pixel(at, p->output_width, pixel_step, line_step);
    if (left > 1) {
      y = at.x;
      to_y += p->output_channels;
      at = next_pixel(at, p->output_width, pixel_step, line_step);
    }
    output = to_y + p->output_channels;
    const tile sums = accumulate(start, t, p->kernel_height, x, y, weights);
    put(stage, channel, sums.a0, sums.b0, to_x, to_y);
    if (channels > 1) put(stage, channel + 1, sums.a1, sums.b1, to_x, to_y);
    if (channels > 2) put(stage, channel + 2, sums.a2, sums.b2, to_x, to_y);
    if (channels > 3) put(stage, channel + 3, sums.a3, sums.b3, to_x, to_y);
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
  const int whole = p->groups == 1 && p->dilation_width == 1;
  taps t;
  t.runs = whole ? 1 : p->kernel_width;
  t.run = whole ? p->kernel_width * depth : depth;
  t.pairs = (t.run + 1) / 2;
  t.run_step = p->dilation_width * p->input_channels;
  t.row_step = p->dilation_height * (int32_t)line;
  const output_stage stage = {bias, multipliers, shifts, p->channel_step, p->output_zero_point};
  const uint32_t filter = p->kernel_height * t.runs * t.run;
  int16_t *const unpacked = scratch + (strip_size + 2) / 2 * 2;
  scratch[strip_size] = 0; /* the last pair of an odd run may read it, against a weight of 0 */

  for (uint32_t n = p->batches; n > 0; --n) {
    uint32_t kept = 0; /* rows at the top of the strip that the strip before has filled */
    for (uint32_t row = 0; row < p->output_height; row += p->strip_rows) {
      const uint32_t rows = p->output_height - row < p->strip_rows ? p->output_height - row : p->strip_rows;
      const uint32_t needed = (rows - 1) * p->stride_height + rows_below;
      const int32_t top = (int32_t)(row * p->stride_height) - p->pad_top;
      if (kept > needed) kept = needed;
      fill_strip(p, input, top + (int32_t)kept, needed - kept, width, scratch + kept * line);
      for (uint32_t g = 0; g < p->groups; ++g) {
        for (uint32_t c = 0; c < group_size; c += CHANNELS) {
          const uint32_t channel = g * group_size + c;
          const uint32_t channels = group_size - c < CHANNELS ? group_size - c : CHANNELS;
          unpack_weights(weights + channel * filter, filter, channels, p->kernel_height * t.runs, &t, unpacked);
          convolve_strip(p, &t, &stage, channel, channels, rows, (int32_t)line, scratch + g * depth, unpacked, output);
        }
      }
      output += rows * p->output_width * p->output_channels;
      const uint32_t advance = rows * p->stride_height;
      kept = needed > advance ? needed - advance : 0;
      if (kept > 0) memmove(scratch, scratch + advance * line, kept * line * sizeof *scratch);
    }
    input += (uint32_t)p->input_height * p->input_width * p->input_channels;
  }
}
