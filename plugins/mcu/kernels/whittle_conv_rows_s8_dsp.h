/* Rows of the image, for windows of several columns: whittle_conv_fill_s8_dsp in whittle_conv_2d_s8_dsp.h. */
#ifndef WHITTLE_CONV_ROWS_S8_DSP_H
#define WHITTLE_CONV_ROWS_S8_DSP_H

#include "whittle_conv_2d_s8_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A unit of the strip is a pair of channels of a row with its padding: the columns of each remainder divided by
 * stride_width in turn, `phase` words each.
 */
void whittle_conv_rows_s8_dsp(const whittle_conv_2d_s8_dsp_params *params, const int8_t *image, uint32_t first,
                              uint32_t count, int32_t *strip);

#ifdef __cplusplus
}
#endif

#endif
