/*
 * Fully connected layer: int8 activations, int8 weights, one scale or one per output.
 */
#ifndef WHITTLE_FULLY_CONNECTED_S8_H
#define WHITTLE_FULLY_CONNECTED_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint32_t batches, inputs, outputs;
  uint16_t channel_step; /* 1: a multiplier and shift per output; 0: one for all */
  int16_t input_zero_point, weight_zero_point, output_zero_point;
} whittle_fully_connected_s8_params;

/*
 * input        [batches][inputs]
 * weights      [outputs][inputs]
 * bias         [outputs], or NULL
 * multipliers, shifts: as in whittle_requantize.h, input scale * weight scale / output scale
 * scratch      2 * inputs bytes, owned by the caller, 4-byte aligned, contents undefined before and after
 * output       [batches][outputs], saturated to int8, not overlapping the input
 *
 * |bias| + sum of |weight - zero point| * |input - zero point| must stay below 2^30. Rounding:
 * whittle_requantize.h.
 */
void whittle_fully_connected_s8(const whittle_fully_connected_s8_params *params, const int8_t *input,
                                const int8_t *weights, const int32_t *bias, const int32_t *multipliers,
                                const int8_t *shifts, int16_t *scratch, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
