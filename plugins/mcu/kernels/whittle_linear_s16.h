/*
 * A layer of int8 weights over int16 activations: what each of its outputs is made with.
 */
#ifndef WHITTLE_LINEAR_S16_H
#define WHITTLE_LINEAR_S16_H

#include "whittle_channels_s16.h"
#include "whittle_dot_s16_s8.h"

typedef struct {
  const int8_t *weights; /* rows as in whittle_dot_s16_s8.h */
  uint32_t taps;         /* weights of a row */
  whittle_channels_s16 channels;
} whittle_linear_s16;

/* Outputs `first` up to `last` of the taps at x; `start` is added to each sum. */
static inline void whittle_linear_outputs(const whittle_linear_s16 *layer, const int16_t *x, uint32_t first,
                                          uint32_t last, int64_t start, int16_t *output) {
  const uint32_t taps = layer->taps;
  const int8_t *weights = layer->weights + first * taps;
  while (first < last) {
    const uint32_t count = last - first < WHITTLE_CHANNELS ? last - first : WHITTLE_CHANNELS;
    int64_t sums[WHITTLE_CHANNELS];
    uint32_t c = 0;
    for (; c + 4 <= count; c += 4, weights += 4 * taps) {
      sums[c] = sums[c + 1] = sums[c + 2] = sums[c + 3] = start;
      whittle_dot_rows(x, weights, taps, sums + c);
    }
    for (; c < count; ++c, weights += taps) sums[c] = start + whittle_dot_row(x, weights, taps);
    whittle_finish_channels(&layer->channels, first, count, sums, output);
    first += count;
    output += count;
  }
}

#endif
