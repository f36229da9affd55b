/*
 * Sums of int8 up to each element along an axis; the input has zero point 0.
 */
#ifndef WHITTLE_CUMSUM_S8_H
#define WHITTLE_CUMSUM_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint32_t outer, extent, inner; /* extent at most 31 */
  int32_t multiplier, shift;     /* input scale / (2^19 * output scale), as in whittle_requantize.h; shift at most 0 */
  int32_t output_zero_point;
  uint8_t exclusive, reverse; /* 1: without the element itself; from the end */
} whittle_cumsum_s8_params;

/*
 * input   [outer][extent][inner]
 * output  [outer][extent][inner], saturated to int8; it may be the input
 */
void whittle_cumsum_s8(const whittle_cumsum_s8_params *params, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
