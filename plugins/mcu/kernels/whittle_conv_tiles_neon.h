/*
 * What whittle_conv_2d_s8_neon.h hands to the loop inside it, one tile of output pixels at a time.
 */
#ifndef WHITTLE_CONV_TILES_NEON_H
#define WHITTLE_CONV_TILES_NEON_H

#include <stdint.h>

typedef struct {
  const int32_t *run_offsets; /* from a pixel's pointer to each run of consecutive bytes of its window */
  uint32_t runs;              /* 1 or more */
  uint32_t steps;             /* length of a run in steps of the tile loop, 1 or more */
  uint32_t output_channels;
  int32_t output_zero_point, min, max; /* min and max: what outputs are clamped to */
} whittle_conv_tiles_neon_params;

/*
 * pixels   for each pixel of a tile where its window begins, for pixels beyond `count` that of any other; loads reach up
 *          to the next multiple of 16 bytes from the start of each run
 * stream   as the tile loop's header says
 * output   [count][output_channels]
 * count    1 to the tile's pixels
 */
typedef void whittle_conv_tiles_neon(const whittle_conv_tiles_neon_params *params, const int8_t *const *pixels,
                                     const int8_t *stream, int8_t *output, uint32_t count);

#endif
