/*
 * Lines of four channels of an NHWC image by Helium, as whittle_depthwise_tiles_s8_mve.h.inc reads them.
 */
#ifndef WHITTLE_DEPTHWISE_LINES_S8_MVE_H
#define WHITTLE_DEPTHWISE_LINES_S8_MVE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint32_t channels; /* of the image, a multiple of 4 */
  uint32_t columns;  /* of the image */
  uint32_t row_bytes;
  uint32_t rows;       /* to read, 4 or more */
  uint32_t line_bytes; /* from a channel's line to the next channel's */
  int32_t zero_point;  /* what columns outside the image hold */
} whittle_depthwise_lines_s8_mve_params;

typedef void whittle_depthwise_lines_loader_s8_mve(const whittle_depthwise_lines_s8_mve_params *params,
                                                   const int8_t *image, int32_t column, int8_t *lines);

/*
 * image   the first of the four channels in the image's upper left pixel, 4-byte aligned
 * column  leftmost of the four columns, may lie outside the image
 * lines   for each channel 4 * rows bytes: of each row, the channel in 4 neighbouring columns
 */
void whittle_depthwise_lines_s8_mve(const whittle_depthwise_lines_s8_mve_params *params, const int8_t *image,
                                    int32_t column, int8_t *lines);

#ifdef __cplusplus
}
#endif

#endif
