/*
 * Leaky ReLU of int16: x for x >= 0, alpha * x below.
 */
#ifndef WHITTLE_LEAKY_RELU_S16_H
#define WHITTLE_LEAKY_RELU_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t above_multiplier, above_shift; /* input scale / output scale, as in whittle_requantize.h */
  int32_t below_multiplier, below_shift; /* input scale * |alpha| / output scale */
  int16_t input_zero_point, output_zero_point;
  int16_t negative; /* 1 where alpha is negative: the result of its magnitude is negated; else 0 */
} whittle_leaky_relu_s16_params;

/* output: saturated to int16; it may be the input. */
void whittle_leaky_relu_s16(const whittle_leaky_relu_s16_params *params, uint32_t count, const int16_t *input,
                            int16_t *output);

#ifdef __cplusplus
}
#endif

#endif
