/*
 * Parametric ReLU of int16 with slopes of int8: x for x >= 0, alpha * x below, with broadcasting.
 */
#ifndef WHITTLE_PRELU_S16_H
#define WHITTLE_PRELU_S16_H

#include <stdint.h>

#include "whittle_prelu_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/* output: consecutive elements, saturated to int16; it may be the input. */
void whittle_prelu_s16(const whittle_prelu_s8_params *params, const whittle_broadcast *shape, const int16_t *input,
                       const int8_t *alpha, int16_t *output);

#ifdef __cplusplus
}
#endif

#endif
