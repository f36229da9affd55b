/*
 * The strip comes first in scratch, then what the tiles read of two channels: sums to start with, blocks of weights
 * unless these are packed, constants. What the tiles read and the weights don't fill, ways between blocks and zeros up to
 * a whole block, is laid out once.
 */
#include "whittle_conv_2d_s8_dsp.h"

#include "whittle_conv_strip_dsp.h"
#include "whittle_packed_scale_dsp.h"
#include "whittle_requantize.h"

typedef const whittle_conv_2d_s8_dsp_params layer;

/* Where pairs of weights go. */
typedef struct {
  int32_t *to;
  uint32_t left, steps; /* pairs left in the block, and in all blocks */
} cursor;

static inline void end_block(cursor *at) {
  if (at->left == 0) {
    ++at->to;
    at->left = at->steps;
  }
}

static inline void put_step(cursor *at, int32_t first, int32_t second) {
  at->to[0] = first;
  at->to[1] = second;
  at->to += 2;
  --at->left;
  end_block(at);
}

static void lay_out(layer *p, int32_t *unpacked) {
  int32_t *to = unpacked + 2;
  const uint32_t units = (uint32_t)p->block_steps * p->blocks;
  const uint32_t each = (uint32_t)p->stretches * (p->pairs + p->singles);
  /* Units of the last block that the window doesn't have are passed like the others. */
  const uint32_t taps = each / p->units;
  const int32_t pitch = p->pitch * 4;
  memset(to, 0, (units * 2 + p->blocks) * sizeof *to);
  for (uint32_t b = p->blocks; b > 0; --b) {
    to += 2u * p->block_steps;
    *to++ = b > 1 ? pitch : -pitch * (int32_t)(units / taps - 1);
  }
}

/* Two channels' weights. */
static const int8_t *unpack_two(layer *p, const int8_t *from, int32_t *to) {
  const uint32_t steps = p->block_steps;
  if (p->singles == 0 && steps % 4 == 0 && (uint32_t)p->pairs * p->stretches == steps * p->blocks) {
    return whittle_unpack_fours(from, steps / 4, p->blocks, to);
  }
  cursor at = {to, steps, steps};
  const int8_t *const start = from;
  for (uint32_t s = p->stretches; s > 0; --s) {
    for (uint32_t pairs = p->pairs; pairs > 0;) {
      uint32_t run = pairs < at.left ? pairs : at.left;
      pairs -= run;
      at.left -= run;
      for (; run > 0; --run, from += 4, at.to += 2) {
        const uint32_t bytes = whittle_load_bytes(from);
        at.to[0] = whittle_even_bytes(bytes);
        at.to[1] = whittle_odd_bytes(bytes);
      }
      end_block(&at);
    }
    for (uint32_t i = p->singles; i > 0; --i, from += 2) put_step(&at, from[0] & 0xffff, from[1] & 0xffff);
  }
  return from + ((uint32_t)(start - from) & 3u);
}

/* A last channel `from` without partner, with the channel before it, second of those whose weights begin at `pair`. */
static WHITTLE_NOINLINE const int8_t *unpack_last(layer *p, const int8_t *pair, const int8_t *from, int32_t *to) {
  cursor at = {to, p->block_steps, p->block_steps};
  const int8_t *const start = from;
  for (uint32_t s = p->stretches; s > 0; --s) {
    for (uint32_t i = p->pairs; i > 0; --i, pair += 4, from += 2) {
      put_step(&at, whittle_make_pair(pair[1], pair[3]), whittle_make_pair(from[0], from[1]));
    }
    for (uint32_t i = p->singles; i > 0; --i, pair += 2, ++from) put_step(&at, pair[1] & 0xffff, *from & 0xffff);
  }
  return from + ((uint32_t)(start - from) & 3u);
}

/* Multiplier, addend and right shift. */
static inline void put_scale(uint32_t scale, uint32_t base, int32_t zero_point, int32_t *to) {
  const uint32_t excess = whittle_packed_excess(scale);
  const int32_t rounding = (2 * zero_point + 1) * (1 << (base - 1));
  to[0] = whittle_packed_multiplier(scale);
  to[1] = rounding * (1 << excess);
  to[2] = (int32_t)(base + excess);
}

/*
 * Constants of `count` channels, 1 or 2: what their sums start with, and their scales. Returns what follows them in the
 * stream.
 */
static inline const int8_t *unpack_constants(layer *p, const int8_t *from, uint32_t count, int32_t *start,
                                             int32_t *scales) {
  const int8_t *biases = from + 4 * count;
  if (p->least_shift > 0) {
    const uint32_t both = whittle_load_bytes(biases);
    start[0] = 2 * whittle_pair_low((int32_t)both);
    if (count == 2) start[1] = 2 * whittle_pair_high((int32_t)both);
    for (uint32_t i = 0; i < count; ++i) {
      put_scale(whittle_load_bytes(from + 4 * i), p->least_shift, p->output_zero_point, scales + 3 * i);
    }
    return biases + 4;
  }
  for (uint32_t i = 0; i < count; ++i, biases += 4) {
    const uint32_t bias = whittle_load_bytes(biases);
    start[i] = 2 * ((int32_t)bias >> 5);
    put_scale(whittle_load_bytes(from + 4 * i), bias & 31u, p->output_zero_point, scales + 3 * i);
  }
  return biases;
}

/* Fills the strip for a last band of less than 4 pixels, which takes over some from the band before. */
static WHITTLE_NOINLINE void fill_rest(layer *p, const int8_t *image, whittle_conv_fill_s8_dsp *fill, uint32_t first,
                                       uint32_t count, int32_t *strip) {
  int32_t *unit = strip;
  for (uint32_t u = p->units; u > 0; --u, unit += p->pitch) {
    for (uint32_t i = 0; i < 4 - count; ++i) unit[i] = unit[p->band - (4 - count) + i];
  }
  fill(p, image, first, count, strip + (4 - count));
}

static void convolve_band(layer *p, const int8_t *stream, whittle_conv_tiles_s8_dsp *tiles, uint32_t lines,
                          const int32_t *strip, int32_t *unpacked, int8_t *output) {
  whittle_conv_tiles_s8_dsp_area area = {lines, 1, 0, stream};
  if (p->row_words > 0) {
    area.pixels = p->output_width;
    area.rows = lines;
    area.row_step = p->row_words * 4u * p->stride_height;
  }
  int32_t *const constants = unpacked + 2 + (p->packed ? 0 : (p->block_steps * 2u + 1u) * p->blocks);
  const int8_t *pair = stream;
  for (uint32_t c = p->output_channels / 2; c > 0; --c) {
    pair = stream;
    if (p->packed) {
      area.weights = stream;
      stream += 4u * p->pairs * p->stretches;
    } else {
      stream = unpack_two(p, stream, unpacked + 2);
    }
    stream = unpack_constants(p, stream, 2, unpacked, constants);
    tiles(unpacked, strip, output, &area);
    output += 2;
  }
  if (p->output_channels & 1u) {
    unpacked[0] = unpacked[1];
    for (uint32_t i = 0; i < 3; ++i) constants[i] = constants[3 + i];
    stream = unpack_last(p, pair, stream, unpacked + 2);
    unpack_constants(p, stream, 1, unpacked + 1, constants + 3);
    tiles(unpacked, strip, output - 1, &area);
  }
}

void whittle_conv_2d_s8_dsp(const whittle_conv_2d_s8_dsp_params *params, const int8_t *input, const int8_t *stream,
                            whittle_conv_fill_s8_dsp *fill, whittle_conv_tiles_s8_dsp *tiles, int32_t *scratch,
                            int8_t *output) {
  const whittle_conv_2d_s8_dsp_params *const p = params;
  const uint32_t line = (p->row_words > 0 ? p->output_width : 1u) * p->output_channels;
  int32_t *const unpacked = scratch + p->strip_words;
  if (!p->packed) lay_out(p, unpacked);
  for (uint32_t n = p->batches; n > 0; --n) {
    for (uint32_t first = 0; first < p->lines;) {
      uint32_t count = p->lines - first;
      if (count >= p->band) count = p->band;
      if (p->row_words == 0 && count < 4 && first > 0) {
        fill_rest(p, input, fill, first, count, scratch);
        convolve_band(p, stream, tiles, 4, scratch, unpacked, output - (4 - count) * line);
      } else {
        fill(p, input, first, count, scratch);
        convolve_band(p, stream, tiles, count, scratch, unpacked, output);
      }
      output += count * line;
      first += count;
    }
    input += (uint32_t)p->input_height * p->input_width * p->input_channels;
  }
}
