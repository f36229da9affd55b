/*
 * 2-D convolution of int16 activations with int8 weights: any stride, dilation, padding and number of groups. All zero
 * points are 0.
 */
#ifndef WHITTLE_CONV_2D_S16_H
#define WHITTLE_CONV_2D_S16_H

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
  uint16_t channel_step; /* 1: a multiplier and shift per output channel; 0: one for all */
  uint16_t wide;         /* 1: sums of 64 bits; 0: of 32, which wrap */
  int16_t output_min, output_max;
} whittle_conv_2d_s16_params;

/*
 * input        [batches][input_height][input_width][input_channels]
 * weights      [output_channels][kernel_height][kernel_width][input_channels / groups], rows of an output channel as in
 *              whittle_dot_s16_s8.h
 * bias         [output_channels], or NULL
 * bias_high    [output_channels], the upper halves of a bias of 64 bits; NULL where they are the signs of the lower ones
 * multipliers, shifts: input scale * weight scale / output scale, as in whittle_requantize_wide.h where sums have 64
 *              bits, else as in whittle_requantize.h
 * scratch      a window: 2 * kernel_height * kernel_width * input_channels bytes, owned by the caller, 4-byte aligned,
 *              contents undefined before and after
 * output       [batches][output_height][output_width][output_channels], clamped to output_min to output_max. It may
 *              overlap the input where no pixel's outputs lie on what its window or a later one reads.
 *
 * Positions outside the image contribute nothing. Sums of 64 bits must stay below 2^47. Rounding:
 * whittle_requantize_wide.h.
 */
void whittle_conv_2d_s16(const whittle_conv_2d_s16_params *params, const int16_t *input, const int8_t *weights,
                         const int32_t *bias, const int32_t *bias_high, const int32_t *multipliers,
                         const int8_t *shifts, int16_t *scratch, int16_t *output);

#ifdef __cplusplus
}
#endif

#endif
