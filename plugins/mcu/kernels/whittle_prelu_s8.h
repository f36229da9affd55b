/*
 * Parametric ReLU: x for x >= 0, alpha * x below, with broadcasting.
 */
#ifndef WHITTLE_PRELU_S8_H
#define WHITTLE_PRELU_S8_H

#include <stdint.h>

#include "whittle_broadcast.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t positive_multiplier, positive_shift; /* input scale / output scale, as in whittle_requantize.h */
  int32_t negative_multiplier, negative_shift; /* input scale * alpha scale / output scale */
  int16_t input_zero_point, alpha_zero_point, output_zero_point;
} whittle_prelu_s8_params;

/* output: consecutive elements, saturated to int8; it may be the input. */
void whittle_prelu_s8(const whittle_prelu_s8_params *params, const whittle_broadcast *shape, const int8_t *input,
                      const int8_t *alpha, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
