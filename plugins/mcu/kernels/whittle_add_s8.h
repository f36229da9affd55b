/*
 * Element-wise sum or difference of two int8 tensors with broadcasting.
 */
#ifndef WHITTLE_ADD_S8_H
#define WHITTLE_ADD_S8_H

#include <stdint.h>

#include "whittle_broadcast.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t wide_factor;     /* 2^20 to add the wide input, -2^20 to subtract it */
  int32_t narrow_factor;   /* 2 to add the narrow input, -2 to subtract it */
  int32_t narrow_multiplier;
  int16_t narrow_right;    /* right shift of the narrow multiplier, 0 to 31 */
  int16_t wide_zero_point, narrow_zero_point, output_zero_point;
  int32_t output_multiplier;
  int32_t output_shift;
} whittle_add_s8_params;

/*
 * The wide input is the one with the larger scale (either if they are equal). Both are brought to the common
 * scale 2 * wide scale / 2^20; the factor of the wide input is then exactly 1/2 after the lift by 20 bits, that
 * of the narrow input is (narrow_multiplier, -narrow_right) = narrow scale / (2 * wide scale), and the output
 * factor is 2 * wide scale / (2^20 * output scale), all as in whittle_requantize.h. A narrow input of equal scale
 * has multiplier 2^30 and right shift 0.
 *
 * wide is a of the broadcast, narrow is b. output: consecutive elements, saturated to int8; it may be an input
 * that is not repeated by the broadcast.
 */
void whittle_add_s8(const whittle_add_s8_params *params, const whittle_broadcast *shape, const int8_t *wide,
                    const int8_t *narrow, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
