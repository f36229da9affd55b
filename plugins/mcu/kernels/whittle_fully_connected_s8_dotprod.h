/*
 * Fully connected layer with SDOT: int8 activations, int8 weights, one scale or one per output.
 */
#ifndef WHITTLE_FULLY_CONNECTED_S8_DOTPROD_H
#define WHITTLE_FULLY_CONNECTED_S8_DOTPROD_H

#include "whittle_fully_connected_neon.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * input    [batches][inputs]
 * stream   for each sixteen outputs, the last with the 1 to 15 that are left: int32 biases with -input zero point * sum
 *          of weights in them; unless `shared`, int32 multipliers and int8 shifts of -31 to -1; then for each four
 *          inputs 4 bytes of weights of each output, zeros beyond the last input. Behind the last block lie 64 bytes
 *          more of anything if it has fewer than sixteen outputs.
 * output   [batches][outputs], not overlapping the input
 *
 * |bias| + sum of |weight| * |input - zero point| must stay below 2^30. Rounding: whittle_requantize.h.
 */
void whittle_fully_connected_s8_dotprod(const whittle_fully_connected_neon_params *params, const int8_t *input,
                                        const int8_t *stream, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
