/*
 * 2-D convolution of int8 by Helium for windows of any shape and depth: the window of each output is gathered into
 * a patch, and whittle_conv_tiles_s8_mve.h.inc runs over the patches as over the pixels of a 1 x 1 convolution.
 */
#ifndef WHITTLE_CONV_PATCHES_S8_MVE_H
#define WHITTLE_CONV_PATCHES_S8_MVE_H

#include <stdint.h>

#include "whittle_conv_tiles_s8_mve.h.inc"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint32_t batches;
  uint32_t input_height, input_width, input_channels;
  uint32_t output_height, output_width, output_channels;
  uint32_t kernel_height;
  uint32_t runs, run;    /* in a row of the window: stretches of consecutive bytes, and their size */
  uint32_t run_step;     /* bytes from one stretch to the next */
  uint32_t window_rows, window_columns; /* image rows that a window spans, columns that an output row's windows span */
  uint32_t stride_height, stride_width, dilation_height;
  uint32_t pad_top, pad_left;
  uint32_t patch_bytes;  /* from one patch to the next, kernel_height * runs * run or more */
  uint32_t patches;      /* gathered for a call of `tiles`: a multiple of 4 */
  int32_t input_zero_point, output_zero_point;
} whittle_conv_patches_s8_mve_params;

/*
 * input    [batches][input_height][input_width][input_channels]
 * stream   weights and constants as `tiles` reads them, weights in the order of a patch: row, column, channel
 * tiles    an instance of DEPTH kernel_height * runs * run, PIXEL patch_bytes, a 1 x 1 kernel and stride 1
 * scratch  patches * patch_bytes + 16 + window_rows * window_columns * input_channels + 16 bytes, 4-byte aligned
 * output   [batches][output_height][output_width][output_channels], 4 or more pixels in an image; not overlapping
 *          the input
 *
 * Rounding: whittle_requantize.h, right shifts of 1 to 31.
 */
void whittle_conv_patches_s8_mve(const whittle_conv_patches_s8_mve_params *params, const int8_t *input,
                                 const int8_t *stream, whittle_conv_tiles_s8_mve *tiles, int8_t *scratch,
                                 int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
