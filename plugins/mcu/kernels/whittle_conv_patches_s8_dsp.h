/* Windows gathered pixel by pixel, where few bytes are in each: whittle_conv_fill_s8_dsp in whittle_conv_2d_s8_dsp.h. */
#ifndef WHITTLE_CONV_PATCHES_S8_DSP_H
#define WHITTLE_CONV_PATCHES_S8_DSP_H

#include "whittle_conv_2d_s8_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A unit of the strip is a pair of bytes of the window. Bytes are paired within stretches, which lie side by side in a
 * row of the image: all of the window's columns or, where these have gaps, one.
 */
void whittle_conv_patches_s8_dsp(const whittle_conv_2d_s8_dsp_params *params, const int8_t *image, uint32_t first,
                                 uint32_t count, int32_t *strip);

#ifdef __cplusplus
}
#endif

#endif
