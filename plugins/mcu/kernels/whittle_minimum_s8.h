/*
 * Element-wise smaller of two int8 tensors of one quantization, with broadcasting.
 */
#ifndef WHITTLE_MINIMUM_S8_H
#define WHITTLE_MINIMUM_S8_H

#include <stdint.h>

#include "whittle_broadcast.h"

#ifdef __cplusplus
extern "C" {
#endif

/* output: consecutive elements; it may be an input that is not repeated by the broadcast. */
void whittle_minimum_s8(const whittle_broadcast *shape, const int8_t *a, const int8_t *b, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
