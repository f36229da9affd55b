/*
 * Fully connected layer of int8 by Helium.
 */
#ifndef WHITTLE_FULLY_CONNECTED_S8_MVE_H
#define WHITTLE_FULLY_CONNECTED_S8_MVE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint32_t batches, inputs, outputs;
  uint32_t channel_step; /* 1: a multiplier and shift per output, in the stream; 0: one for all, here */
  int32_t multiplier, shift; /* the shift is to the right and negative, -31 to -1 */
  int32_t output_zero_point;
} whittle_fully_connected_s8_mve_params;

/*
 * input    [batches][inputs]; loads stay within it
 * stream   4-byte aligned. For each 8 outputs: for each 16 inputs (the last may be fewer) the weights of output 0,
 *          1 ... 7; then as words the biases of outputs 0 2 4 6 1 3 5 7 and, if channel_step is 1, their multipliers
 *          in this order and their shifts as int8. For each output beyond the last 8: its weights, 0 to 3 bytes up
 *          to a multiple of 4, and words bias and, if channel_step is 1, multiplier and shift.
 *          Biases must hold -input zero point * sum of weights.
 * output   [batches][outputs], saturated to int8, not overlapping the input
 *
 * Rounding: whittle_requantize.h.
 */
void whittle_fully_connected_s8_mve(const whittle_fully_connected_s8_mve_params *params, const int8_t *input,
                                    const int8_t *stream, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
