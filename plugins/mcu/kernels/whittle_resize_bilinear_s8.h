/*
 * Bilinear resize of int8 activations in integers; input and output share one quantization.
 */
#ifndef WHITTLE_RESIZE_BILINEAR_S8_H
#define WHITTLE_RESIZE_BILINEAR_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint16_t batches;
  uint16_t input_height, input_width, channels;
  uint16_t output_height, output_width;
  int32_t height_scale, width_scale;   /* input pixels per output pixel, 10 fractional bits */
  int32_t height_offset, width_offset; /* position of the first output pixel, 10 fractional bits */
} whittle_resize_bilinear_s8_params;

/*
 * input   [batches][input_height][input_width][channels]
 * output  [batches][output_height][output_width][channels], not overlapping the input
 *
 * Weights have 10 fractional bits; the sum is rounded with halves away from zero.
 */
void whittle_resize_bilinear_s8(const whittle_resize_bilinear_s8_params *params, const int8_t *input,
                                int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
