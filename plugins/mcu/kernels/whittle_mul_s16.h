/*
 * Element-wise product of two int16 tensors, whose zero points are 0, with broadcasting.
 */
#ifndef WHITTLE_MUL_S16_H
#define WHITTLE_MUL_S16_H

#include <stdint.h>

#include "whittle_broadcast.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t multiplier, shift; /* a scale * b scale / output scale, as in whittle_requantize.h */
} whittle_mul_s16_params;

/* output: consecutive elements, saturated to int16; it may be an input that is not repeated by the broadcast. */
void whittle_mul_s16(const whittle_mul_s16_params *params, const whittle_broadcast *shape, const int16_t *a,
                     const int16_t *b, int16_t *output);

#ifdef __cplusplus
}
#endif

#endif
