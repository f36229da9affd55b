/*
 * 2-D max pooling of int16 activations; input and output share one quantization.
 */
#ifndef WHITTLE_MAX_POOL_2D_S16_H
#define WHITTLE_MAX_POOL_2D_S16_H

#include <stdint.h>

#include "whittle_max_pool_2d_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * input   [batches][input_height][input_width][channels]
 * output  [batches][output_height][output_width][channels], not overlapping the input
 *
 * The maximum inside the image. Every window must hold at least one pixel of the image.
 */
void whittle_max_pool_2d_s16(const whittle_max_pool_2d_s8_params *params, const int16_t *input, int16_t *output);

#ifdef __cplusplus
}
#endif

#endif
