/*
 * Element-wise sum or difference of two int8 tensors with broadcasting, on ARMv6-M.
 */
#ifndef WHITTLE_ADD_S8_ARMV6M_H
#define WHITTLE_ADD_S8_ARMV6M_H

#include <stdint.h>

#include "whittle_add_line_s8_armv6m.h"
#include "whittle_broadcast.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Exactly, an output is multiply(multiply((a - a_zero_point) * 2^20, a's factor) + sign * multiply((b - b_zero_point) * 2^20,
 * b's factor), output's factor) + output_zero_point, with factors as in whittle_requantize.h. `line` approximates that, in
 * units of 2^-20, such that the exact sum before the last rounding down lies less than a unit of output away, upwards, and no
 * further than the remainder from which on it isn't `safe`.
 */
typedef struct {
  whittle_add_line_s8_armv6m_params line;
  int32_t a_multiplier, b_multiplier, output_multiplier;
  int16_t a_shift, b_shift, output_shift;
  int16_t a_zero_point, b_zero_point, output_zero_point;
  int16_t sign; /* 1 to add, -1 to subtract */
} whittle_add_s8_armv6m_params;

/* line: whittle_add_line_s8_armv6m. output: consecutive elements; it may be an input that is not repeated. */
void whittle_add_s8_armv6m(const whittle_add_s8_armv6m_params *params, const whittle_broadcast *shape,
                           const int8_t *a, const int8_t *b,
                           uint32_t (*line)(const whittle_add_line_s8_armv6m_params *, uint32_t, const int8_t *,
                                            const int8_t *, int8_t *),
                           int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
