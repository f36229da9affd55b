/*
 * Element-wise product of two int8 tensors by Helium.
 */
#ifndef WHITTLE_MUL_S8_MVE_H
#define WHITTLE_MUL_S8_MVE_H

#include "whittle_mul_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/* As whittle_mul_s8, for shifts of -31 to 0. */
void whittle_mul_s8_mve(const whittle_mul_s8_params *params, const whittle_broadcast *shape, const int8_t *a,
                        const int8_t *b, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
