/*
 * Depthwise 2-D convolution, kernel 3 x 3, stride 1 or 2, without dilation, with the Arm DSP extension.
 */
#ifndef WHITTLE_DEPTHWISE_CONV_2D_S8_DSP_H
#define WHITTLE_DEPTHWISE_CONV_2D_S8_DSP_H

#include <stdint.h>

#include "whittle_depthwise_rows_s8_dsp.h.inc"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint16_t batches;
  uint16_t input_height, input_width, channels; /* 4 channels or more */
  uint16_t output_height, output_width;
  uint16_t stride; /* in both directions */
  uint16_t pad_top, pad_left;
  uint16_t chunk;        /* rows of the output, pairs of rows at stride 1, computed together: scratch for speed */
  uint16_t common_shift; /* SHIFT of the instance `rows` */
  uint16_t channel_step; /* 1: a multiplier per channel; 0: one for all */
  uint16_t shift_step;   /* likewise of shifts */
  uint16_t bias_bytes;   /* 2: biases are int16; 4: int32 */
  int16_t input_zero_point, output_zero_point;
} whittle_depthwise_conv_2d_s8_dsp_params;

/*
 * rows         an instance of whittle_depthwise_rows_s8_dsp.S.inc for the stride
 * input        [batches][input_height][input_width][channels]
 * weights      [channels][3][3], zero point 0
 * bias         [channels], 2-byte or 4-byte aligned
 * multipliers  as whittle_packed_scale_dsp.h says
 * shifts       their bases: right shifts less one; with what multipliers add 0 to 21
 * scratch      16 * blocks * (chunk + 1) + 40 words, contents undefined before and after; blocks is half of
 *              (output_width - 1) * stride + 3, rounded up
 * output       [batches][output_height][output_width][channels], saturated to int8. It may be the input itself if the
 *              stride is 1, input and output have the same shape, and pad_top is 2 at most; else they must not overlap.
 *
 * A channel's lift is 1 where common_shift is 0, else common_shift - shift, which must be 2 to 8. At least one column of
 * the image must lie in a window. |bias| + sum of |weight| * |input - zero point| must stay below 2^30, and 2^lift times
 * any sum with its bias below 2^31. Rounding: whittle_requantize.h.
 */
void whittle_depthwise_conv_2d_s8_dsp(const whittle_depthwise_conv_2d_s8_dsp_params *params,
                                      whittle_depthwise_rows_s8_dsp *rows, const int8_t *input, const int8_t *weights,
                                      const void *bias, const uint32_t *multipliers, const uint8_t *shifts,
                                      int32_t *scratch, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
