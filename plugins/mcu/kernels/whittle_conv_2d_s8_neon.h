/*
 * 2-D convolution of int8 activations with int8 weights on 64-bit Arm: any stride, dilation and padding, one group.
 */
#ifndef WHITTLE_CONV_2D_S8_NEON_H
#define WHITTLE_CONV_2D_S8_NEON_H

#include <stdint.h>

#include "whittle_conv_tiles_neon.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint16_t batches;
  uint16_t input_height, input_width, input_channels;
  uint16_t output_height, output_width, output_channels;
  uint16_t kernel_height, kernel_width;
  uint16_t stride_height, stride_width;
  uint16_t dilation_height, dilation_width;
  uint16_t pad_top, pad_left;
  uint16_t strip_rows;  /* output rows computed from one strip of input rows; 0: from the input itself */
  uint16_t columns;     /* runs of consecutive bytes in a kernel row: 1, or kernel_width if dilation_width > 1 */
  uint16_t steps;       /* length of a run, or of a patch, in steps of the tile loop */
  uint16_t patch_bytes; /* windows are gathered into patches of so many bytes; 0: they are read where they are */
  uint16_t tile_pixels; /* that the tile loop takes, up to 8 */
  int16_t input_zero_point, output_zero_point;
  int16_t min, max; /* what outputs are clamped to, -128 to 127 */
} whittle_conv_2d_s8_neon_params;

/*
 * input     [batches][input_height][input_width][input_channels]
 * stream, tiles: as the tile loop's header says. Where windows are gathered, each is one run of kernel_height *
 *           kernel_width * input_channels bytes.
 * scratch   owned by the caller, 4-byte aligned, contents undefined before and after. It holds
 *             4 * kernel_height * columns for offsets of runs,
 *             tile_pixels * patch_bytes + 16 rounded up to a multiple of 4 if patch_bytes is not 0,
 *             rows * width * input_channels + 16 if strip_rows is not 0, where
 *               rows  = (strip_rows - 1) * stride_height + (kernel_height - 1) * dilation_height + 1
 *               width = (output_width - 1) * stride_width + (kernel_width - 1) * dilation_width + 1
 * output    [batches][output_height][output_width][output_channels]. It may overlap the input where batches is 1: with
 *           a strip, what is written before a strip is filled may lie on what that and later strips don't read; without
 *           one, for what a tile writes and what that tile and later ones read.
 *
 * Without strips no window may leave the image, and runs must be multiples of 16 bytes. |bias| + sum of |weight| *
 * |input - zero point| must stay below 2^30. Rounding: whittle_requantize.h.
 */
void whittle_conv_2d_s8_neon(const whittle_conv_2d_s8_neon_params *params, const int8_t *input, const int8_t *stream,
                             whittle_conv_tiles_neon *tiles, void *scratch, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
