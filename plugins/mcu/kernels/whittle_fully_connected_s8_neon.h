/*
 * Fully connected layer by NEON: int8 activations, int8 weights, one scale or one per output.
 */
#ifndef WHITTLE_FULLY_CONNECTED_S8_NEON_H
#define WHITTLE_FULLY_CONNECTED_S8_NEON_H

#include "whittle_fully_connected_neon.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * input    [batches][inputs]
 * stream   for each eight outputs, the last with the 1 to 7 that are left: int32 biases with -input zero point * sum of
 *          weights in them; unless `shared`, int32 multipliers and int8 shifts of -31 to -1; then for each 16 inputs 16
 *          weights of each output, 8 where there are no more inputs; zeros beyond the last input. Of the 16, i and
 *          i + 8 are not both -128. Behind a last block of fewer outputs lie 128 bytes more of anything.
 * output   [batches][outputs], not overlapping the input
 *
 * |bias| + sum of |weight| * |input - zero point| must stay below 2^30. Rounding: whittle_requantize.h.
 */
void whittle_fully_connected_s8_neon(const whittle_fully_connected_neon_params *params, const int8_t *input,
                                     const int8_t *stream, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
