/*
 * Element-wise smaller of two int16 tensors of one quantization, with broadcasting.
 */
#ifndef WHITTLE_MINIMUM_S16_H
#define WHITTLE_MINIMUM_S16_H

#include <stdint.h>

#include "whittle_broadcast.h"

#ifdef __cplusplus
extern "C" {
#endif

/* output: consecutive elements; it may be an input that is not repeated by the broadcast. */
void whittle_minimum_s16(const whittle_broadcast *shape, const int16_t *a, const int16_t *b, int16_t *output);

#ifdef __cplusplus
}
#endif

#endif
