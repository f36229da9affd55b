/* Pixels as they are, for windows of one pixel: whittle_conv_fill_s8_dsp in whittle_conv_2d_s8_dsp.h. */
#ifndef WHITTLE_CONV_PIXELS_S8_DSP_H
#define WHITTLE_CONV_PIXELS_S8_DSP_H

#include "whittle_conv_2d_s8_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The stride is 1 and there is no padding: lines are input pixels. */
void whittle_conv_pixels_s8_dsp(const whittle_conv_2d_s8_dsp_params *params, const int8_t *image, uint32_t first,
                                uint32_t count, int32_t *strip);

#ifdef __cplusplus
}
#endif

#endif
