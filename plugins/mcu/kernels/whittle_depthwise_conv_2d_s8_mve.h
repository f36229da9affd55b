/*
 * 2-D depthwise convolution of int8 by Helium, for windows of at most 4 x 4 pixels and an output for each channel:
 * whittle_depthwise_tiles_s8_mve.h.inc, four channels and two columns at a time.
 */
#ifndef WHITTLE_DEPTHWISE_CONV_2D_S8_MVE_H
#define WHITTLE_DEPTHWISE_CONV_2D_S8_MVE_H

#include <stdint.h>

#include "whittle_depthwise_lines_s8_mve.h"
#include "whittle_depthwise_tiles_s8_mve.h.inc"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint32_t batches;
  uint32_t input_bytes, output_bytes; /* of an image */
  uint32_t channels;                  /* a multiple of 4 */
  uint32_t output_width;
  uint32_t stride_width, pad_top, pad_left;
  uint32_t line_rows;    /* (output_height - 1) * stride_height + 4 */
  uint32_t lines;        /* 1: the windows of two columns lie in one line; 2: each has its own */
  uint32_t held;         /* 1: all of an image's lines of four channels are held at once, and the output may be the input */
  uint32_t stream_bytes; /* of four channels */
  int32_t input_zero_point;
} whittle_depthwise_conv_2d_s8_mve_params;

/*
 * source   the image; it reads 4 rows or more, at most line_rows - pad_top
 * load     whittle_depthwise_lines_s8_mve
 * input    [batches][input_height][input_width][channels], 4-byte aligned
 * stream   weights and constants as the tile loops read them, for each four channels
 * pair, pairs      a loop for two columns and what it is told, output_height at least 4; NULL if output_width is 1
 * single, singles  the same for one column, output_height at least 8; where they are NULL, the last two columns are a
 *          pair even if one of them has been computed
 * scratch  16 * line_rows * lines * strips bytes, 4-byte aligned, where strips is 1, or if held
 *          (output_width + 1) / 2
 * output   [batches][output_height][output_width][channels]. output_width * channels is at most 21844; with singles
 *          9362
 *
 * Rounding: whittle_requantize.h, right shifts of 1 to 31.
 */
void whittle_depthwise_conv_2d_s8_mve(const whittle_depthwise_conv_2d_s8_mve_params *params,
                                      const whittle_depthwise_lines_s8_mve_params *source,
                                      whittle_depthwise_lines_loader_s8_mve *load, const int8_t *input,
                                      const int8_t *stream, const whittle_depthwise_tiles_s8_mve_params *pair,
                                      whittle_depthwise_tiles_s8_mve *pairs,
                                      const whittle_depthwise_tiles_s8_mve_params *single,
                                      whittle_depthwise_tiles_s8_mve *singles, int8_t *scratch, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
