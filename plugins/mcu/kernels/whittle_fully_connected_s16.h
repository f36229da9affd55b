/*
 * Fully connected layer: int16 activations, int8 weights, one scale or one per output.
 */
#ifndef WHITTLE_FULLY_CONNECTED_S16_H
#define WHITTLE_FULLY_CONNECTED_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint32_t batches, inputs, outputs;
  uint16_t channel_step; /* 1: a multiplier and shift per output; 0: one for all */
  uint16_t wide;         /* 1: sums of 64 bits; 0: of 32, which wrap */
  int16_t weight_zero_point, output_zero_point;
  int16_t output_min, output_max;
} whittle_fully_connected_s16_params;

/*
 * input        [batches][inputs]
 * weights      [outputs][inputs], rows as in whittle_dot_s16_s8.h
 * bias         [outputs], less input zero point * sum of (weight - zero point), or NULL
 * bias_high    [outputs], the upper halves of a bias of 64 bits; NULL where they are the signs of the lower ones
 * multipliers, shifts: input scale * weight scale / output scale, as in whittle_requantize_wide.h where sums have 64
 *              bits, else as in whittle_requantize.h
 * output       [batches][outputs], clamped to output_min to output_max, not overlapping the input
 *
 * Sums of 64 bits must stay below 2^47. Rounding: whittle_requantize_wide.h.
 */
void whittle_fully_connected_s16(const whittle_fully_connected_s16_params *params, const int16_t *input,
                                 const int8_t *weights, const int32_t *bias, const int32_t *bias_high,
                                 const int32_t *multipliers, const int8_t *shifts, int16_t *output);

#ifdef __cplusplus
}
#endif

#endif
