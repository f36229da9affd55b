/*
 * Eight output channels of a convolution in vectors: what their sums start from, their output stages, and the store.
 */
#ifndef WHITTLE_CHANNEL_BLOCK_SIMD128_H
#define WHITTLE_CHANNEL_BLOCK_SIMD128_H

#include <stdint.h>

#include "whittle_simd128.h"

#define WHITTLE_BLOCK_CHANNELS 8

typedef struct {
  whittle_v128 start[2]; /* doubled biases */
  whittle_scaler4 scaler[2];
  uint32_t channels; /* that exist, 1 to 8 */
} whittle_channel_block;

/* Where multipliers, shifts and biases of a convolution are; bias may be NULL, channel_step is 0 for one of each. */
typedef struct {
  const int32_t *bias, *multipliers;
  const int8_t *shifts;
  uint32_t channel_step;
  int32_t zero_point; /* of the output */
} whittle_channel_constants;

/* The block from `channel` on, of which `left` channels are left; those that don't exist repeat the last one. */
static inline whittle_channel_block whittle_make_channel_block(const whittle_channel_constants *constants,
                                                               uint32_t channel, uint32_t left) {
  int32_t start[WHITTLE_BLOCK_CHANNELS], multiplier[WHITTLE_BLOCK_CHANNELS], shift[WHITTLE_BLOCK_CHANNELS];
  whittle_channel_block block;
  block.channels = left < WHITTLE_BLOCK_CHANNELS ? left : WHITTLE_BLOCK_CHANNELS;
  for (uint32_t i = 0; i < WHITTLE_BLOCK_CHANNELS; ++i) {
    const uint32_t each = channel + (i < block.channels ? i : block.channels - 1);
    const uint32_t at = each * constants->channel_step;
    start[i] = constants->bias ? 2 * constants->bias[each] : 0;
    multiplier[i] = constants->multipliers[at];
    shift[i] = constants->shifts[at];
  }
  for (uint32_t half = 0; half < 2; ++half) {
    block.start[half] = whittle_v_load(start + 4 * half);
    block.scaler[half] = whittle_make_scaler4(multiplier + 4 * half, shift + 4 * half, constants->zero_point);
  }
  return block;
}

/* Writes the outputs of one pixel, from the doubled sums of its first and last four channels. */
static inline void whittle_put_channels(const whittle_channel_block *block, whittle_v128 low, whittle_v128 high,
                                        int8_t *output) {
  const whittle_v128 values =
      whittle_v_pack32(whittle_v_scale(&block->scaler[0], low), whittle_v_scale(&block->scaler[1], high));
  if (block->channels == WHITTLE_BLOCK_CHANNELS) {
    whittle_v_store_bytes(output, values);
  } else {
    int8_t bytes[WHITTLE_BLOCK_CHANNELS];
    whittle_v_store_bytes(bytes, values);
    for (uint32_t c = 0; c < block->channels; ++c) output[c] = bytes[c];
  }
}

#endif
