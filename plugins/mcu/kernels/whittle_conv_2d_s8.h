/*
 * 2-D convolution of int8 activations with int8 weights: any stride, dilation, padding and number of groups.
 */
#ifndef WHITTLE_CONV_2D_S8_H
#define WHITTLE_CONV_2D_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint16_t batches;
  uint16_t input_height, input_width, input_channels;
  uint16_t output_height, output_width, output_channels;
  uint16_t kernel_height, kernel_width;
  uint16_t stride_height, stride_width;
  uint16_t dilation_height, dilation_width;
  uint16_t pad_top, pad_left;
  uint16_t groups;       /* divides input_channels and output_channels */
  uint16_t strip_rows;   /* output rows computed together, 1 to output_height: scratch for speed */
  uint16_t channel_step; /* 1: a multiplier and shift per output channel; 0: one for all */
  int16_t input_zero_point, output_zero_point;
} whittle_conv_2d_s8_params;

/*
 * input        [batches][input_height][input_width][input_channels]
 * weights      [output_channels][kernel_height][kernel_width][input_channels / groups], zero point 0
 * bias         [output_channels], or NULL
 * multipliers, shifts: as in whittle_requantize.h, input scale * weight scale / output scale
 * scratch      owned by the caller, 4-byte aligned, contents undefined before and after. With
 *                rows  = (strip_rows - 1) * stride_height + (kernel_height - 1) * dilation_height + 1
 *                width = (output_width - 1) * stride_width + (kernel_width - 1) * dilation_width + 1
 *                runs  = groups == 1 && dilation_width == 1 ? 1 : kernel_width
 *                run   = kernel_width / runs * input_channels / groups
 *              it holds 2 * (strip + weights) + 4 * kernel_height * runs bytes:
 *                strip   = rows * width * input_channels + 1 rounded up to even
 *                weights = kernel_height * runs * ((run + 1) / 2) * 8
 * output       [batches][output_height][output_width][output_channels], saturated to int8, not overlapping
 *              the input
 *
 * Positions outside the image contribute nothing. |bias| + sum of |weight| * |input - zero point| must stay
 * below 2^30. Rounding: whittle_requantize.h.
 */
void whittle_conv_2d_s8(const whittle_conv_2d_s8_params *params, const int8_t *input, const int8_t *weights,
                        const int32_t *bias, const int32_t *multipliers, const int8_t *shifts,
                        int16_t *scratch, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
