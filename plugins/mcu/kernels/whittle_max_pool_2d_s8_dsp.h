/*
 * 2-D max pooling of int8 activations with the Arm DSP extension, four channels at a time.
 */
#ifndef WHITTLE_MAX_POOL_2D_S8_DSP_H
#define WHITTLE_MAX_POOL_2D_S8_DSP_H

#include "whittle_max_pool_2d_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/* As whittle_max_pool_2d_s8, for 4 channels or more. */
void whittle_max_pool_2d_s8_dsp(const whittle_max_pool_2d_s8_params *params, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
