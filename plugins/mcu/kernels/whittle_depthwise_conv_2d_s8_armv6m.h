/*
 * Depthwise 2-D convolution of int8 activations with int8 weights on ARMv6-M: any stride, padding, multiplier and vertical
 * dilation, no horizontal dilation.
 */
#ifndef WHITTLE_DEPTHWISE_CONV_2D_S8_ARMV6M_H
#define WHITTLE_DEPTHWISE_CONV_2D_S8_ARMV6M_H

#include <stdint.h>

#include "whittle_depthwise_task_armv6m.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint16_t batches;
  uint16_t input_height, input_width, input_channels;
  uint16_t output_height, output_width;
  uint16_t multiplier;   /* output channels per input channel: c * multiplier + j reads channel c */
  uint16_t kernel_height, kernel_width;
  uint16_t stride_height, stride_width;
  uint16_t dilation_height;
  uint16_t pad_top, pad_left;
  uint16_t strip_rows;   /* output rows computed together, 1 to output_height: scratch for speed */
  uint16_t channel_step; /* 1: a multiplier and shift per output channel; 0: one for all */
  uint16_t form;         /* of whittle_scaler_armv6m.h; it must hold the accumulators and fit the output zero point */
  int16_t input_zero_point, output_zero_point;
} whittle_depthwise_conv_2d_s8_armv6m_params;

/*
 * input        [batches][input_height][input_width][input_channels]
 * weights      [kernel_height][kernel_width][input_channels * multiplier], zero point 0
 * bias         [input_channels * multiplier], bias - input zero point * sum of weights
 * multipliers, shifts: as in whittle_requantize.h, multipliers in [2^30, 2^31) and shifts of -22 to -1
 * plane        the instance of whittle_depthwise_plane_s8_armv6m for the kernel's size and the form
 * scratch      owned by the caller, contents undefined before and after. With
 *                rows  = (strip_rows - 1) * stride_height + (kernel_height - 1) * dilation_height + 1
 *                width = (output_width - 1) * stride_width + kernel_width
 *              it holds rows * width words.
 * output       [batches][output_height][output_width][input_channels * multiplier], saturated to int8. It may be
 *              the input itself if multiplier is 1, input and output have the same shape, and strip_rows is
 *              output_height; else they must not overlap.
 *
 * Positions outside the image contribute nothing. |bias| + sum of |weight| * |input - zero point| must stay within the
 * form. Rounding: whittle_requantize.h.
 */
void whittle_depthwise_conv_2d_s8_armv6m(const whittle_depthwise_conv_2d_s8_armv6m_params *params, const int8_t *input,
                                         const int8_t *weights, const int32_t *bias, const int32_t *multipliers,
                                         const int8_t *shifts,
                                         void (*plane)(const whittle_depthwise_plane_s8_armv6m_task *),
                                         int32_t *scratch, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
