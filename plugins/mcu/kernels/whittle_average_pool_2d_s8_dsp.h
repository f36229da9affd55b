/*
 * 2-D average pooling of int8 activations with the Arm DSP extension, four channels at a time.
 */
#ifndef WHITTLE_AVERAGE_POOL_2D_S8_DSP_H
#define WHITTLE_AVERAGE_POOL_2D_S8_DSP_H

#include "whittle_average_pool_2d_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/* As whittle_average_pool_2d_s8, for 4 channels or more and windows of at most 256 pixels. */
void whittle_average_pool_2d_s8_dsp(const whittle_average_pool_2d_s8_params *params, const int8_t *input,
                                    int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
