/*
 * What layers with memory (SVDF) of int8 and int16 states share.
 */
#ifndef WHITTLE_SVDF_H
#define WHITTLE_SVDF_H

#include <stdint.h>

#include "whittle_dot_s8.h"
#include "whittle_requantize.h"

typedef struct {
  uint32_t batches, inputs, units;
  uint32_t rank;   /* filters of a unit */
  uint32_t memory; /* steps that a filter remembers, the present one included */
  /* As in whittle_requantize.h: input scale * feature weight scale / state scale. */
  int32_t feature_multiplier, feature_shift;
  /* state scale * time weight scale / output scale */
  int32_t time_multiplier, time_shift;
  int16_t input_zero_point, state_zero_point, output_zero_point;
} whittle_svdf_params;

/* What a filter makes of the features, which `whittle_widen_for_dot_s8` has widened: within min and max. */
static inline int32_t whittle_svdf_feature(const whittle_svdf_params *p, const int16_t *x,
                                           const int8_t *weights, int32_t min, int32_t max) {
  const int32_t sum = whittle_dot_s8_row(x, weights, p->inputs) >> 1;
  const int32_t scaled = whittle_multiply(sum, p->feature_multiplier, p->feature_shift);
  return scaled < min ? min : scaled > max ? max : scaled;
}

/* The output of a unit whose products add up, in 32 bits, to `sum`. */
static inline int8_t whittle_svdf_output(const whittle_svdf_params *p, uint32_t sum) {
  const int32_t scaled = whittle_multiply((int32_t)sum, p->time_multiplier, p->time_shift);
  return (int8_t)whittle_saturate_s8(whittle_wrapping_add(scaled, p->output_zero_point));
}

#endif
