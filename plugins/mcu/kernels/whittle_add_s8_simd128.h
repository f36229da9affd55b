/*
 * Element-wise sum or difference of two int8 tensors with broadcasting, as whittle_add_s8, in vectors of 16 bytes.
 */
#ifndef WHITTLE_ADD_S8_SIMD128_H
#define WHITTLE_ADD_S8_SIMD128_H

#include <stdint.h>

#include "whittle_add_s8.h"
#include "whittle_broadcast.h"

#ifdef __cplusplus
extern "C" {
#endif

/* All arguments as whittle_add_s8.h says; output_shift -22 to -1. */
void whittle_add_s8_simd128(const whittle_add_s8_params *params, const whittle_broadcast *shape, const int8_t *wide,
                            const int8_t *narrow, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
