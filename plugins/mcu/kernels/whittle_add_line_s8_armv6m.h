/*
 * The inner part of sums and differences on ARMv6-M.
 */
#ifndef WHITTLE_ADD_LINE_S8_ARMV6M_H
#define WHITTLE_ADD_LINE_S8_ARMV6M_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Outputs floor((a * a_factor + b * b_factor + base) / 2^20), saturated to int8, as long as 2^12 times the remainder is not
 * above `safe`. All sums must stay within 32 bits.
 */
typedef struct {
  int32_t a_factor, b_factor, base;
  uint32_t safe;
} whittle_add_line_s8_armv6m_params;

/*
 * Computes `count` outputs, at least one, of which output, a and b point behind the last. Returns how many are left, from
 * the first whose remainder is above `safe` on. The output may be an input.
 */
uint32_t whittle_add_line_s8_armv6m(const whittle_add_line_s8_armv6m_params *params, uint32_t count,
                                    const int8_t *a_end, const int8_t *b_end, int8_t *output_end);

#ifdef __cplusplus
}
#endif

#endif
