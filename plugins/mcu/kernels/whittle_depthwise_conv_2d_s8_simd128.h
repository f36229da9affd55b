/*
 * Depthwise 2-D convolution as whittle_depthwise_conv_2d_s8 for multiplier 1, in vectors of 16 bytes.
 */
#ifndef WHITTLE_DEPTHWISE_CONV_2D_S8_SIMD128_H
#define WHITTLE_DEPTHWISE_CONV_2D_S8_SIMD128_H

#include <stdint.h>

#include "whittle_depthwise_conv_2d_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * All arguments as whittle_depthwise_conv_2d_s8.h says, but
 *
 * multiplier   1
 * shifts       -22 to -1 each
 * scratch      owned by the caller, 4-byte aligned, contents undefined before and after. With
 *                rows  = (strip_rows - 1) * stride_height + (kernel_height - 1) * dilation_height + 1
 *                width = (output_width - 1) * stride_width + (kernel_width - 1) * dilation_width + 1
 *                pitch = input_channels rounded up to 8
 *                pairs = kernel_height * kernel_width / 2 rounded up
 *              it holds 2 * rows * width * pitch + 40 * pairs bytes
 */
void whittle_depthwise_conv_2d_s8_simd128(const whittle_depthwise_conv_2d_s8_params *params, const int8_t *input,
                                          const int8_t *weights, const int32_t *bias, const int32_t *multipliers,
                                          const int8_t *shifts, int16_t *scratch, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
