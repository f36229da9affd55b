/*
 * Depthwise 2-D convolution of 3 x 3 without stride or dilation on 64-bit Arm with SDOT: any padding, one output for each
 * input channel, 8 channels or more.
 */
#ifndef WHITTLE_DEPTHWISE_3X3_S8_DOTPROD_H
#define WHITTLE_DEPTHWISE_3X3_S8_DOTPROD_H

#include <stdint.h>

#include "whittle_depthwise_pairs_s8_dotprod.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint16_t batches;
  uint16_t input_height, input_width, channels;
  uint16_t output_height, output_width;
  uint16_t pad_top, pad_left;
  uint16_t strip_rows; /* output rows computed from one strip of input rows, 1 to output_height; even is faster */
  int16_t input_zero_point, output_zero_point;
} whittle_depthwise_3x3_s8_dotprod_params;

/*
 * input        [batches][input_height][input_width][channels]
 * weights      [3][3][channels], zero point 0
 * bias         [channels], with -input zero point * sum of weights in it
 * multipliers  [channels]
 * shifts       [channels], -31 to -1
 * pairs        whittle_depthwise_pairs_s8_dotprod
 * scratch      (strip_rows + 2) * (output_width + 2) * channels bytes, owned by the caller, contents undefined before and
 *              after
 * output       [batches][output_height][output_width][channels], saturated to int8. It may overlap the input where
 *              batches is 1: what is written before a strip is filled may lie on what that and later strips don't read.
 *
 * |bias| + sum of |weight| * |input - zero point| must stay below 2^30. Rounding: whittle_requantize.h.
 */
void whittle_depthwise_3x3_s8_dotprod(const whittle_depthwise_3x3_s8_dotprod_params *params, const int8_t *input,
                                      const int8_t *weights, const int32_t *bias, const int32_t *multipliers,
                                      const int8_t *shifts, whittle_depthwise_pairs *pairs, int8_t *scratch,
                                      int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
