/*
 * Depthwise 2-D convolution of int8 activations with int8 weights on 64-bit Arm: any stride, dilation and padding, one
 * output for each input channel, 16 channels or more.
 */
#ifndef WHITTLE_DEPTHWISE_CONV_2D_S8_NEON_H
#define WHITTLE_DEPTHWISE_CONV_2D_S8_NEON_H

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
  uint16_t dilation_height, dilation_width;
  uint16_t pad_top, pad_left;
  uint16_t strip_rows; /* output rows computed from one strip of input rows, 1 to output_height */
  int16_t input_zero_point, output_zero_point;
  int16_t min, max; /* what outputs are clamped to, -128 to 127 */
} whittle_depthwise_conv_2d_s8_neon_params;

/*
 * input        [batches][input_height][input_width][channels]
 * weights      [kernel_height][kernel_width][channels], zero point 0; taps 2 k and 2 k + 1 of a channel not both -128
 * bias         [channels], with -input zero point * sum of weights in it
 * multipliers  [channels]
 * shifts       [channels], -31 to -1
 * scratch      owned by the caller, 4-byte aligned, contents undefined before and after:
 *              4 * kernel_height * kernel_width + rows * width * channels bytes, with
 *                rows  = (strip_rows - 1) * stride_height + (kernel_height - 1) * dilation_height + 1
 *                width = (output_width - 1) * stride_width + (kernel_width - 1) * dilation_width + 1
 * output       [batches][output_height][output_width][channels]. It may overlap the input where batches is 1: what is
 *              written before a strip is filled may lie on what that and later strips don't read.
 *
 * |bias| + sum of |weight| * |input - zero point| must stay below 2^30. Rounding: whittle_requantize.h.
 */
void whittle_depthwise_conv_2d_s8_neon(const whittle_depthwise_conv_2d_s8_neon_params *params, const int8_t *input,
                                       const int8_t *weights, const int32_t *bias, const int32_t *multipliers,
                                       const int8_t *shifts, void *scratch, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
