/*
 * Mean or sum of an int8 tensor over axes before the last on 64-bit Arm, 16 elements of the last at a time.
 */
#ifndef WHITTLE_MEAN_S8_NEON_H
#define WHITTLE_MEAN_S8_NEON_H

#include "whittle_mean_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/* As whittle_mean_s8, for a last dimension of 16 or more, in shape[2] or shape[4], and shifts of -31 to 0. */
void whittle_mean_s8_neon(const whittle_mean_s8_params *params, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
