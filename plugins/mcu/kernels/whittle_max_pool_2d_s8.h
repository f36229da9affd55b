/*
 * 2-D max pooling of int8 activations; input and output share one quantization.
 */
#ifndef WHITTLE_MAX_POOL_2D_S8_H
#define WHITTLE_MAX_POOL_2D_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint16_t batches;
  uint16_t input_height, input_width, channels;
  uint16_t output_height, output_width;
  uint16_t kernel_height, kernel_width;
  uint16_t stride_height, stride_width;
  uint16_t pad_top, pad_left;
} whittle_max_pool_2d_s8_params;

/*
 * input   [batches][input_height][input_width][channels]
 * output  [batches][output_height][output_width][channels], not overlapping the input
 *
 * The maximum inside the image. Every window must hold at least one pixel of the image.
 */
void whittle_max_pool_2d_s8(const whittle_max_pool_2d_s8_params *params, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
