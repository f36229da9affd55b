/*
 * Nearest-neighbour resize, with the source index of every row and column given.
 */
#ifndef WHITTLE_RESIZE_NEAREST_H
#define WHITTLE_RESIZE_NEAREST_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint16_t batches;
  uint16_t input_height, input_width;
  uint16_t output_height, output_width;
  uint16_t pixel; /* bytes of a pixel: channels times element size */
} whittle_resize_nearest_params;

/*
 * rows, columns  source index of each output row and column
 * input          [batches][input_height][input_width][pixel]
 * output         [batches][output_height][output_width][pixel], not overlapping the input
 */
void whittle_resize_nearest(const whittle_resize_nearest_params *params, const uint16_t *rows,
                            const uint16_t *columns, const void *input, void *output);

#ifdef __cplusplus
}
#endif

#endif
