/*
 * Element-wise sum or difference of two int8 tensors by Helium.
 */
#ifndef WHITTLE_ADD_S8_MVE_H
#define WHITTLE_ADD_S8_MVE_H

#include <stdint.h>

#include "whittle_broadcast.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t wide_factor;   /* 2^19 to add the wide input, -2^19 to subtract it */
  int32_t narrow_factor; /* 1 to add the narrow input, -1 to subtract it */
  int32_t narrow_multiplier, narrow_shift; /* the shift -31 to 0 */
  int32_t wide_zero_point, narrow_zero_point, output_zero_point;
  int32_t output_multiplier, output_shift; /* the shift -31 to 0 */
} whittle_add_s8_mve_params;

/*
 * Wide and narrow as in whittle_add_s8.h: the wide input is brought to the common scale by its factor, the narrow one
 * is lifted by 20 bits and rescaled.
 *
 * wide is a of the broadcast, narrow is b. output: consecutive elements, saturated to int8; it may be an input that is
 * not repeated by the broadcast.
 */
void whittle_add_s8_mve(const whittle_add_s8_mve_params *params, const whittle_broadcast *shape, const int8_t *wide,
                        const int8_t *narrow, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
