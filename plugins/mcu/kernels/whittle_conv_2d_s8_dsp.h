/*
 * 2-D convolution of int8 with Arm's DSP extension: bands of the image are widened to a strip of int16 pairs, then each
 * two output channels go over the band, whittle_conv_tiles_s8_dsp.h.inc, with their weights widened, too: before, or as
 * they are read.
 */
#ifndef WHITTLE_CONV_2D_S8_DSP_H
#define WHITTLE_CONV_2D_S8_DSP_H

#include <stdint.h>

#include "whittle_conv_tiles_s8_dsp.h.inc"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint32_t lines;       /* of an image's output: rows, or pixels where row_words is 0 */
  uint32_t strip_words; /* of the strip in scratch */
  uint16_t batches;
  uint16_t band;         /* lines that are computed together; 4 or more where lines are 4 pixels or more */
  uint16_t row_words;    /* of the strip, from one row of the image to the next; 0 where lines are pixels */
  uint16_t pitch, phase; /* in words, otherwise as of the tiles */
  uint16_t input_height, input_width, input_channels;
  uint16_t output_width, output_channels;
  uint16_t kernel_height, kernel_width;
  uint16_t stride_height, stride_width;
  uint16_t dilation_height, dilation_width;
  uint16_t pad_top, pad_left;
  uint16_t stretches, pairs, singles; /* of weights in the stream */
  uint16_t units;                     /* that a window has in the strip */
  uint16_t block_steps, blocks;       /* pairs of weights in a block of the tiles, and blocks */
  uint16_t packed;                    /* PACKED of the tiles; only without singles, for an even number of outputs */
  int16_t input_zero_point, output_zero_point;
  uint16_t least_shift; /* to the right; 0: biases stand in words, each with its channel's */
} whittle_conv_2d_s8_dsp_params;

/*
 * Makes the strip hold what `count` lines of an image from line `first` on need, rows that the band before needed, too,
 * excepted; the whole strip for the first band.
 */
typedef void whittle_conv_fill_s8_dsp(const whittle_conv_2d_s8_dsp_params *params, const int8_t *image, uint32_t first,
                                      uint32_t count, int32_t *strip);

/*
 * input    [batches][input_height][input_width][input_channels]
 * stream   for each two output channels, 4-byte aligned: `stretches` times `pairs` times the first channel's weight of
 *          the pair's low half, the second's, those of the high half; then `singles` times the two weights of the low
 *          half. Then 0 or 2 bytes up to a multiple of 4, and words: of both channels the multiplier with what the
 *          shift exceeds its base by, whittle_packed_scale_dsp.h; then their biases as int16 if least_shift is the base
 *          of all, else bias << 5 | base of each. A last channel without partner has the same with the second channel
 *          left out, and one bias of a word.
 * fill     puts the strip together: whittle_conv_rows_s8_dsp.h, whittle_conv_pixels_s8_dsp.h,
 *          whittle_conv_patches_s8_dsp.h
 * tiles    an instance for the window
 * scratch  strip_words + 8 words, and where packed is 0 blocks * (block_steps * 2 + 1) more
 * output   [batches][output_height][output_width][output_channels], 2 channels or more; lines are written when all that
 *          the band needs has been read
 *
 * Rounding: whittle_requantize.h, right shifts of 1 to 22.
 */
void whittle_conv_2d_s8_dsp(const whittle_conv_2d_s8_dsp_params *params, const int8_t *input, const int8_t *stream,
                            whittle_conv_fill_s8_dsp *fill, whittle_conv_tiles_s8_dsp *tiles, int32_t *scratch,
                            int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
