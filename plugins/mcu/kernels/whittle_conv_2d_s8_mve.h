/*
 * 2-D convolution of int8 by Helium, for windows of at most 3 x 3 pixels: whittle_conv_tiles_s8_mve.h.inc row by row.
 */
#ifndef WHITTLE_CONV_2D_S8_MVE_H
#define WHITTLE_CONV_2D_S8_MVE_H

#include <stdint.h>

#include "whittle_conv_tiles_s8_mve.h.inc"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint32_t batches;
  uint32_t input_height, input_width, input_channels;
  uint32_t output_height, output_width, output_channels;
  uint32_t window_rows, window_columns; /* image rows and columns that an output row's windows span */
  uint32_t stride_height, dilation_height;
  uint32_t pad_top, pad_left;
  uint32_t strip_rows; /* output rows for which input rows are padded together; 0: there is no padding */
  int32_t input_zero_point, output_zero_point;
} whittle_conv_2d_s8_mve_params;

/*
 * input    [batches][input_height][input_width][input_channels], 4-byte aligned
 * stream   weights and constants as `tiles` reads them
 * tiles    an instance for input_channels, kernel, stride and dilation
 * scratch  ((strip_rows - 1) * stride_height + window_rows) * window_columns * input_channels bytes, 4-byte aligned
 * output   [batches][output_height][output_width][output_channels]; output_width at least 4. A strip's input rows are
 *          read before the first of its output rows is written; without strips not overlapping the input
 *
 * Rounding: whittle_requantize.h, right shifts of 1 to 31.
 */
void whittle_conv_2d_s8_mve(const whittle_conv_2d_s8_mve_params *params, const int8_t *input, const int8_t *stream,
                            whittle_conv_tiles_s8_mve *tiles, int8_t *scratch, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
