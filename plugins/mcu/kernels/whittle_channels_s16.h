/*
 * What becomes of the sums of a layer's output channels: bias, scale and clamp of several at a time.
 */
#ifndef WHITTLE_CHANNELS_S16_H
#define WHITTLE_CHANNELS_S16_H

#include "whittle_requantize_wide.h"

/* Channels that kernels sum before they finish them together. */
#define WHITTLE_CHANNELS 16u

typedef struct {
  const int32_t *bias, *bias_high; /* as `whittle_wide_bias` takes them */
  const int32_t *multipliers;
  const int8_t *shifts;
  uint32_t channel_step; /* 1: a multiplier and shift per channel; 0: one for all */
  whittle_output_s16 stage;
} whittle_channels_s16;

/* Sums of 64 bits that have a bias of 32. */
static WHITTLE_NOINLINE void whittle_finish_wide(const whittle_channels_s16 *channels, uint32_t first, uint32_t count,
                                                 const int64_t *sums, int16_t *output) {
  const uint32_t step = channels->channel_step;
  const int32_t zero_point = channels->stage.zero_point, min = channels->stage.min, max = channels->stage.max;
  const int32_t *bias = channels->bias + first, *multiplier = channels->multipliers + first * step;
  const int8_t *shift = channels->shifts + first * step;
  for (const int16_t *const end = output + count; output != end; multiplier += step, shift += step) {
    const int32_t scaled = whittle_multiply_wide(*sums++ + *bias++, *multiplier, *shift);
    const int32_t y = whittle_wrapping_add(scaled, zero_point);
    *output++ = (int16_t)(y < min ? min : y > max ? max : y);
  }
}

/* Outputs of `count` sums without bias, the first of them that of channel `first`. */
static WHITTLE_NOINLINE void whittle_finish_channels(const whittle_channels_s16 *channels, uint32_t first,
                                                     uint32_t count, const int64_t *sums, int16_t *output) {
  const whittle_output_s16 *const stage = &channels->stage;
  if (stage->wide && channels->bias && !channels->bias_high) {
    whittle_finish_wide(channels, first, count, sums, output);
    return;
  }
  for (; count > 0; --count, ++first) {
    const uint32_t at = first * channels->channel_step;
    const int64_t sum = *sums++ + whittle_wide_bias(channels->bias, channels->bias_high, first);
    *output++ = whittle_finish_s16(stage, sum, channels->multipliers[at], channels->shifts[at]);
  }
}

#endif
