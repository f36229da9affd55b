/*
 * A strip of input rows is widened to int16 with the zero point taken off, doubled, and the padding filled in; a pixel
 * takes a multiple of eight elements. Eight channels are computed at once: the activations of two taps are interleaved
 * channel by channel, as their weights were beforehand, so that one instruction multiplies and adds both.
 */
#include "whittle_depthwise_conv_2d_s8_simd128.h"

#include "whittle_channel_block_simd128.h"
#include "whittle_simd128.h"
#include "whittle_widen_simd128.h"

#define CHANNELS WHITTLE_BLOCK_CHANNELS

typedef struct {
  const whittle_depthwise_conv_2d_s8_params *p;
  uint32_t pitch, line; /* elements of a pixel and of a row of the strip */
  uint32_t taps, pairs;
  const int32_t *offsets; /* of two taps for each pair, from the window's corner */
} geometry;

static void fill_strip(const geometry *g, const int8_t *image, int32_t row, uint32_t rows, int16_t *to) {
  const whittle_depthwise_conv_2d_s8_params *const p = g->p;
  const uint32_t channels = p->input_channels;
  const uint32_t left = p->pad_left * g->pitch;
  const uint32_t room = g->line > left ? (g->line - left) / g->pitch : 0;
  const uint32_t used = p->input_width < room ? p->input_width : room;
  memset(to, 0, rows * g->line * sizeof *to);
  for (; rows > 0; --rows, ++row, to += g->line) {
    if (row < 0 || row >= p->input_height) continue;
    const int8_t *from = image + (uint32_t)row * p->input_width * channels;
    if (g->pitch == channels) {
      whittle_widen_doubled(to + left, from, used * channels, p->input_zero_point);
    } else {
      for (uint32_t i = 0; i < used; ++i) {
        whittle_widen_doubled(to + left + i * g->pitch, from + i * channels, channels, p->input_zero_point);
      }
    }
  }
}

/* An odd last tap makes a pair with itself, against a weight of 0. */
static void lay_out_window(const geometry *g, int32_t *offsets) {
  const whittle_depthwise_conv_2d_s8_params *const p = g->p;
  for (uint32_t tap = 0; tap < 2 * g->pairs; ++tap) {
    const uint32_t at = tap < g->taps ? tap : g->taps - 1;
    const uint32_t ky = at / p->kernel_width, kx = at % p->kernel_width;
    offsets[tap] = (int32_t)(ky * p->dilation_height * g->line + kx * p->dilation_width * g->pitch);
  }
}

/* Channel c of pair k goes to to[(8 * k + c) * 2]; missing channels repeat the last one. */
static void unpack_weights(const geometry *g, const int8_t *from, uint32_t channels, int16_t *to) {
  const uint32_t step = g->p->input_channels;
  for (uint32_t k = 0; k < g->pairs; ++k, from += 2 * step) {
    for (uint32_t c = 0; c < CHANNELS; ++c) {
      const uint32_t channel = c < channels ? c : channels - 1;
      *to++ = from[channel];
      *to++ = 2 * k + 1 < g->taps ? from[step + channel] : 0;
    }
  }
}

static inline void convolve_pixel(const geometry *g, const whittle_channel_block *block, const int16_t *x, const int16_t *w,
                                  int8_t *output) {
  whittle_v128 low = block->start[0], high = block->start[1];
  const int32_t *offset = g->offsets;
  for (uint32_t k = g->pairs; k > 0; --k, offset += 2, w += 2 * CHANNELS) {
    const whittle_v128 a = whittle_v_load(x + offset[0]), b = whittle_v_load(x + offset[1]);
    low = whittle_v_add32(low, whittle_v_dot(whittle_v_interleave_low16(a, b), whittle_v_load(w)));
    high = whittle_v_add32(high, whittle_v_dot(whittle_v_interleave_high16(a, b), whittle_v_load(w + CHANNELS)));
  }
  whittle_put_channels(block, low, high, output);
}

static void convolve_strip(const geometry *g, const whittle_channel_block *block, const int16_t *strip, uint32_t rows,
                           const int16_t *weights, int8_t *output) {
  const whittle_depthwise_conv_2d_s8_params *const p = g->p;
  for (; rows > 0; --rows, strip += p->stride_height * g->line) {
    const int16_t *x = strip;
    for (uint32_t i = p->output_width; i > 0; --i, x += p->stride_width * g->pitch, output += p->input_channels) {
      convolve_pixel(g, block, x, weights, output);
    }
  }
}

void whittle_depthwise_conv_2d_s8_simd128(const whittle_depthwise_conv_2d_s8_params *params, const int8_t *input,
                                          const int8_t *weights, const int32_t *bias, const int32_t *multipliers,
                                          const int8_t *shifts, int16_t *scratch, int8_t *output) {
  const whittle_depthwise_conv_2d_s8_params *const p = params;
  const uint32_t all = p->input_channels;
  const uint32_t width = (p->output_width - 1u) * p->stride_width + (p->kernel_width - 1u) * p->dilation_width + 1u;
  const uint32_t rows_below = (p->kernel_height - 1u) * p->dilation_height + 1u;
  const whittle_channel_constants constants = {bias, multipliers, shifts, p->channel_step, p->output_zero_point};
  int32_t *const offsets = (int32_t *)(void *)scratch;
  geometry g;
  g.p = p;
  g.pitch = (all + 7u) / 8u * 8u;
  g.line = width * g.pitch;
  g.taps = (uint32_t)p->kernel_height * p->kernel_width;
  g.pairs = (g.taps + 1u) / 2u;
  g.offsets = offsets;
  lay_out_window(&g, offsets);
  int16_t *const unpacked = scratch + 4 * g.pairs;
  int16_t *const strip = unpacked + 2 * CHANNELS * g.pairs;

  for (uint32_t n = p->batches; n > 0; --n) {
    for (uint32_t row = 0; row < p->output_height; row += p->strip_rows) {
      const uint32_t rows = p->output_height - row < p->strip_rows ? p->output_height - row : p->strip_rows;
      const int32_t top = (int32_t)(row * p->stride_height) - p->pad_top;
      fill_strip(&g, input, top, (rows - 1) * p->stride_height + rows_below, strip);
      for (uint32_t c = 0; c < all; c += CHANNELS) {
        const whittle_channel_block block = whittle_make_channel_block(&constants, c, all - c);
        unpack_weights(&g, weights + c, block.channels, unpacked);
        convolve_strip(&g, &block, strip + c, rows, unpacked, output + c);
      }
      output += rows * p->output_width * all;
    }
    input += (uint32_t)p->input_height * p->input_width * all;
  }
}
