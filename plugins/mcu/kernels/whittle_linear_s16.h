/*
 * A layer of int8 weights over int16 activations: what each of its outputs is made with.
 */
#ifndef WHITTLE_LINEAR_S16_H
#define WHITTLE_LINEAR_S16_H

#include "whittle_dot_s16_s8.h"
#include "whittle_requantize_wide.h"

typedef struct {
  const int8_t *weights; /* rows as in whittle_dot_s16_s8.h */
  uint32_t taps;         /* weights of a row */
  const int32_t *bias, *bias_high;
  const int32_t *multipliers;
  const int8_t *shifts;
  uint32_t channel_step; /* 1: a multiplier and shift per output; 0: one for all */
  whittle_output_s16 stage;
} whittle_linear_s16;

/* Outputs `first` up to `last` of the taps at x; `start` is added to each sum. */
static inline void whittle_linear_outputs(const whittle_linear_s16 *layer, const int16_t *x, uint32_t first,
                                          uint32_t last, int64_t start, int16_t *output) {
  const int8_t *weights = layer->weights + first * layer->taps;
  for (uint32_t o = first; o < last;) {
    const uint32_t rows = last - o < 4 ? 1 : 4;
    int64_t sums[4];
    for (uint32_t r = 0; r < rows; ++r) sums[r] = start + whittle_wide_bias(layer->bias, layer->bias_high, o + r);
    if (rows == 4) {
      whittle_dot_rows(x, weights, layer->taps, sums);
    } else {
      sums[0] += whittle_dot_row(x, weights, layer->taps);
    }
    weights += rows * layer->taps;
    for (uint32_t r = 0; r < rows; ++r, ++o) {
      const uint32_t at = o * layer->channel_step;
      *output++ = whittle_finish_s16(&layer->stage, sums[r], layer->multipliers[at], layer->shifts[at]);
    }
  }
}

#endif
