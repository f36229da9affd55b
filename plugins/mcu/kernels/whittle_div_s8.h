/*
 * Element-wise quotient of two int8 tensors with broadcasting.
 */
#ifndef WHITTLE_DIV_S8_H
#define WHITTLE_DIV_S8_H

#include <stdint.h>

#include "whittle_broadcast.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t multiplier, shift; /* a scale / (b scale * output scale), as in whittle_requantize.h; shift at most 23 */
  int16_t a_zero_point, b_zero_point, output_zero_point;
} whittle_div_s8_params;

/*
 * output: consecutive elements, saturated to int8; where b is 0, the end of the range that has the sign of a, or 0 as a is. It
 * may be an input that is not repeated by the broadcast.
 */
void whittle_div_s8(const whittle_div_s8_params *params, const whittle_broadcast *shape, const int8_t *a,
                    const int8_t *b, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
