/*
 * Minimum of an int8 tensor over any axes; input and output share one quantization.
 */
#ifndef WHITTLE_REDUCE_MIN_S8_H
#define WHITTLE_REDUCE_MIN_S8_H

#include <stdint.h>

#include "whittle_reduce_max_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * input   [shape[0]][shape[1]]...[shape[4]]
 * output  [shape[0]][shape[2]][shape[4]], not overlapping the input
 */
void whittle_reduce_min_s8(const whittle_reduce_max_s8_params *params, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
