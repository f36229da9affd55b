/*
 * Element-wise sum of two int8 tensors of one shape on 64-bit Arm.
 */
#ifndef WHITTLE_ADD_S8_NEON_H
#define WHITTLE_ADD_S8_NEON_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint32_t count;
  int16_t wide_zero_point, narrow_zero_point, output_zero_point;
  int16_t wide_factor;      /* 2^14 to add the wide input, -2^14 to subtract it */
  int16_t narrow_lift;      /* 5; 6 if both scales are equal */
  int16_t narrow_shift;     /* -31 to -1 */
  int32_t narrow_multiplier;
  int32_t output_multiplier;
  int16_t output_shift;     /* -31 to -1 */
  int16_t min, max;         /* what outputs are clamped to, -128 to 127 */
} whittle_add_s8_neon_params;

/*
 * As whittle_add_s8, for inputs and output of `count` elements each; the output may be an input. For equal scales the
 * narrow multiplier is 2^30 and its shift -1.
 */
void whittle_add_s8_neon(const whittle_add_s8_neon_params *params, const int8_t *wide, const int8_t *narrow,
                         int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
