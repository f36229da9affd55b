/*
 * Square of the difference of two int8 tensors with broadcasting.
 */
#ifndef WHITTLE_SQUARED_DIFFERENCE_S8_H
#define WHITTLE_SQUARED_DIFFERENCE_S8_H

#include <stdint.h>

#include "whittle_broadcast.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t a_multiplier, a_shift; /* a scale / (2 * larger scale), as in whittle_requantize.h */
  int32_t b_multiplier, b_shift; /* b scale / (2 * larger scale) */
  int32_t output_multiplier, output_shift; /* (2 * larger scale)^2 / (output scale * 2^14; of int16 no power) */
  int16_t a_zero_point, b_zero_point, output_zero_point; /* 0 of int16 */
} whittle_squared_difference_s8_params;

/*
 * Both inputs are lifted by 7 bits and brought to twice the larger scale; the square of their difference is rescaled.
 * output: consecutive elements, saturated to int8; it may be an input that is not repeated by the broadcast.
 */
void whittle_squared_difference_s8(const whittle_squared_difference_s8_params *params,
                                   const whittle_broadcast *shape, const int8_t *a, const int8_t *b,
                                   int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
