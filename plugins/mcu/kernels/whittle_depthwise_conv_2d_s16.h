/*
 * Depthwise 2-D convolution of int16 activations with int8 weights: any stride, dilation, padding and multiplier. All zero
 * points are 0.
 */
#ifndef WHITTLE_DEPTHWISE_CONV_2D_S16_H
#define WHITTLE_DEPTHWISE_CONV_2D_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint16_t batches;
  uint16_t input_height, input_width, input_channels;
  uint16_t output_height, output_width;
  uint16_t multiplier; /* output channels per input channel: c * multiplier + j reads channel c */
  uint16_t kernel_height, kernel_width;
  uint16_t stride_height, stride_width;
  uint16_t dilation_height, dilation_width;
  uint16_t pad_top, pad_left;
  uint16_t channel_step; /* 1: a multiplier and shift per output channel; 0: one for all */
  int16_t output_min, output_max;
} whittle_depthwise_conv_2d_s16_params;

/*
 * input        [batches][input_height][input_width][input_channels]
 * weights      [kernel_height][kernel_width][input_channels * multiplier]
 * bias         [input_channels * multiplier], or NULL
 * bias_high    the same, the upper halves of a bias of 64 bits; NULL where they are the signs of the lower ones
 * multipliers, shifts: input scale * weight scale / output scale, as in whittle_requantize_wide.h
 * output       [batches][output_height][output_width][input_channels * multiplier], clamped to output_min to
 *              output_max. It may overlap the input where no pixel's outputs lie on what its window or a later one reads.
 *
 * kernel_width is at most 511. Positions outside the image contribute nothing. Sums have 64 bits and must stay below
 * 2^47. Rounding: whittle_requantize_wide.h.
 */
void whittle_depthwise_conv_2d_s16(const whittle_depthwise_conv_2d_s16_params *params, const int16_t *input,
                                   const int8_t *weights, const int32_t *bias, const int32_t *bias_high,
                                   const int32_t *multipliers, const int8_t *shifts, int16_t *output);

#ifdef __cplusplus
}
#endif

#endif
