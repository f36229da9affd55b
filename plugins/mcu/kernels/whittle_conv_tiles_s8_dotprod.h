/*
 * Convolution of five output pixels with SDOT: the loop inside whittle_conv_2d_s8_neon.h.
 */
#ifndef WHITTLE_CONV_TILES_S8_DOTPROD_H
#define WHITTLE_CONV_TILES_S8_DOTPROD_H

#include "whittle_conv_tiles_neon.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * As whittle_conv_tiles_neon; a step is 4 bytes, of which the last of a run may lie beyond it, against weights of 0.
 *
 * stream   for each 16 output channels, the last with the 1 to 15 that are left: int32 biases with -input zero point *
 *          sum of weights in them, int32 multipliers, int8 shifts of -31 to -1; then for each run and step 4 bytes of
 *          weights of each channel. Behind a last block of fewer lie 64 bytes more of anything.
 */
void whittle_conv_tiles_s8_dotprod(const whittle_conv_tiles_neon_params *params, const int8_t *const *pixels,
                                   const int8_t *stream, int8_t *output, uint32_t count);

#ifdef __cplusplus
}
#endif

#endif
