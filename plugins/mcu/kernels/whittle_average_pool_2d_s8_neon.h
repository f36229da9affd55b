/*
 * 2-D average pooling of int8 on 64-bit Arm, 8 channels at a time.
 */
#ifndef WHITTLE_AVERAGE_POOL_2D_S8_NEON_H
#define WHITTLE_AVERAGE_POOL_2D_S8_NEON_H

#include "whittle_average_pool_2d_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/* As whittle_average_pool_2d_s8, for windows of at most 255 pixels, whose sums are held in 16 bits, and 8 channels or more. */
void whittle_average_pool_2d_s8_neon(const whittle_average_pool_2d_s8_params *params, const int8_t *input,
                                     int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
