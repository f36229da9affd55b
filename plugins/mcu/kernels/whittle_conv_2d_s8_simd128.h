/*
 * 2-D convolution as whittle_conv_2d_s8, in vectors of 16 bytes.
 */
#ifndef WHITTLE_CONV_2D_S8_SIMD128_H
#define WHITTLE_CONV_2D_S8_SIMD128_H

#include <stdint.h>

#include "whittle_conv_2d_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * All arguments as whittle_conv_2d_s8.h says, but
 *
 * shifts       -22 to -1 each
 * scratch      owned by the caller, 4-byte aligned, contents undefined before and after. With rows, width, runs and
 *              run as there it holds 2 * (strip + weights) + 4 * kernel_height * runs bytes:
 *                strip   = rows * width * input_channels + 1 rounded up to even
 *                weights = kernel_height * runs * ((run + 1) / 2) * 16
 */
void whittle_conv_2d_s8_simd128(const whittle_conv_2d_s8_params *params, const int8_t *input, const int8_t *weights,
                                const int32_t *bias, const int32_t *multipliers, const int8_t *shifts,
                                int16_t *scratch, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
