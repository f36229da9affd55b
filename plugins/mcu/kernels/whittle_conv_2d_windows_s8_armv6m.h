/*
 * 2-D convolution of int8 activations with int8 weights on ARMv6-M, over windows that are brought to scratch pixel by
 * pixel: pointwise, of few input channels, grouped or dilated; any stride and padding.
 */
#ifndef WHITTLE_CONV_2D_WINDOWS_S8_ARMV6M_H
#define WHITTLE_CONV_2D_WINDOWS_S8_ARMV6M_H

#include <stdint.h>

#include "whittle_conv_pair_s8_armv6m.h"

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
  uint16_t groups;
  uint16_t block_pixels; /* output pixels computed together, even: scratch for speed */
  uint16_t stream_words; /* of the largest stream of any pair of channels */
  uint16_t channel_step; /* 1: a multiplier and shift per output channel; 0: one for all */
  uint16_t form;         /* of whittle_scaler_armv6m.h; it must hold the accumulators and fit the output zero point */
  int16_t input_zero_point, output_zero_point;
} whittle_conv_2d_windows_s8_armv6m_params;

/*
 * input        [batches][input_height][input_width][input_channels]
 * weights      for each group, for each pair of its output channels, taps / 2 words of whittle_conv_pair_s8_armv6m.h,
 *              where taps = kernel_height * kernel_width * input_channels / groups rounded up to even, in this order, with
 *              a weight of 0 for a missing tap; of a group's last channel without a partner half words of two taps, up to
 *              a whole word
 * bias         [output_channels], bias - input zero point * sum of weights
 * multipliers, shifts: as in whittle_requantize.h, multipliers in [2^30, 2^31) and shifts of -22 to -1
 * pair         whittle_conv_pair_s8_armv6m
 * scratch      block_pixels / 2 * taps + stream_words words, and taps / 2 more if a group has an odd number of channels;
 *              owned by the caller, contents undefined before and after
 * output       [batches][output_height][output_width][output_channels], saturated to int8. It may overlap the input
 *              of one group where the pixels of a block lie on input that no later block reads.
 *
 * Positions outside the image contribute nothing. |bias| + sum of |weight| * |input - zero point| must stay within the
 * form. Rounding: whittle_requantize.h.
 */
void whittle_conv_2d_windows_s8_armv6m(const whittle_conv_2d_windows_s8_armv6m_params *params, const int8_t *input,
                                       const uint32_t *weights, const int32_t *bias, const int32_t *multipliers,
                                       const int8_t *shifts, void (*pair)(const whittle_conv_pair_s8_armv6m_task *),
                                       int32_t *scratch, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
