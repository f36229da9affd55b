/*
 * 2-D max pooling of int8 activations on 64-bit Arm, 16 channels at a time.
 */
#ifndef WHITTLE_MAX_POOL_2D_S8_NEON_H
#define WHITTLE_MAX_POOL_2D_S8_NEON_H

#include "whittle_max_pool_2d_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/* As whittle_max_pool_2d_s8, for 16 channels or more. */
void whittle_max_pool_2d_s8_neon(const whittle_max_pool_2d_s8_params *params, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
