/*
 * 2-D average pooling of int16 activations; input and output share one quantization.
 */
#ifndef WHITTLE_AVERAGE_POOL_2D_S16_H
#define WHITTLE_AVERAGE_POOL_2D_S16_H

#include <stdint.h>

#include "whittle_average_pool_2d_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * input   [batches][input_height][input_width][channels]
 * output  [batches][output_height][output_width][channels], not overlapping the input
 *
 * The mean of the integers inside the image, halves away from zero; padding is not counted. Every window must
 * hold at least one pixel of the image, and at most 65535.
 */
void whittle_average_pool_2d_s16(const whittle_average_pool_2d_s8_params *params, const int16_t *input,
                                 int16_t *output);

#ifdef __cplusplus
}
#endif

#endif
