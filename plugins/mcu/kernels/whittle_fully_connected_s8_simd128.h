/*
 * Fully connected layer as whittle_fully_connected_s8, in vectors of 16 bytes.
 */
#ifndef WHITTLE_FULLY_CONNECTED_S8_SIMD128_H
#define WHITTLE_FULLY_CONNECTED_S8_SIMD128_H

#include <stdint.h>

#include "whittle_fully_connected_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/* All arguments as whittle_fully_connected_s8.h says. */
void whittle_fully_connected_s8_simd128(const whittle_fully_connected_s8_params *params, const int8_t *input,
                                        const int8_t *weights, const int32_t *bias, const int32_t *multipliers,
                                        const int8_t *shifts, int16_t *scratch, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
