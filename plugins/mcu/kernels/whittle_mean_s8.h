/*
 * Mean or sum of an int8 tensor over any axes.
 */
#ifndef WHITTLE_MEAN_S8_H
#define WHITTLE_MEAN_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  /* The shape with neighbouring axes merged: kept, reduced, kept, reduced, kept; 1 where unused. */
  uint32_t shape[5];
  int32_t input_zero_point, output_zero_point;
  int32_t multiplier, shift; /* of the sum, 1/count included for a mean; the multiplier may be below 2^30 */
} whittle_mean_s8_params;

/*
 * input   [shape[0]][shape[1]]...[shape[4]]
 * output  [shape[0]][shape[2]][shape[4]], saturated to int8, not overlapping the input
 */
void whittle_mean_s8(const whittle_mean_s8_params *params, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
