/*
 * Element-wise sum or difference of two int16 tensors with broadcasting.
 */
#ifndef WHITTLE_ADD_S16_H
#define WHITTLE_ADD_S16_H

#include <stdint.h>

#include "whittle_broadcast.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t a_multiplier, a_shift; /* a scale / (2 * larger scale), as in whittle_requantize.h */
  int32_t b_multiplier, b_shift; /* b scale / (2 * larger scale) */
  int32_t output_multiplier, output_shift; /* 2 * larger scale / (2^15 * output scale) */
  int16_t a_zero_point, b_zero_point, output_zero_point;
  int16_t subtract; /* 1 for a - b, else 0 */
} whittle_add_s16_params;

/*
 * Both inputs are lifted by 15 bits and brought to twice the larger scale; the sum is rescaled, all in 32 bits, where
 * it wraps. output: consecutive elements, saturated to int16; it may be an input that is not repeated by the broadcast.
 */
void whittle_add_s16(const whittle_add_s16_params *params, const whittle_broadcast *shape, const int16_t *a,
                     const int16_t *b, int16_t *output);

#ifdef __cplusplus
}
#endif

#endif
