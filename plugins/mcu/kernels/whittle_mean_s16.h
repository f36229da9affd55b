/*
 * Mean or sum of an int16 tensor over any axes.
 */
#ifndef WHITTLE_MEAN_S16_H
#define WHITTLE_MEAN_S16_H

#include <stdint.h>

#include "whittle_mean_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * input   [shape[0]][shape[1]]...[shape[4]]
 * output  [shape[0]][shape[2]][shape[4]], saturated to int16, not overlapping the input; sums wrap in 32 bits
 */
void whittle_mean_s16(const whittle_mean_s8_params *params, const int16_t *input, int16_t *output);

#ifdef __cplusplus
}
#endif

#endif
