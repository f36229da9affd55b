/*
 * Index of the smallest int8 along an axis, the first one of several.
 */
#ifndef WHITTLE_ARG_MIN_S8_H
#define WHITTLE_ARG_MIN_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * input   [outer][extent][inner]
 * output  [outer][inner], not overlapping the input
 */
void whittle_arg_min_s8(uint32_t outer, uint32_t extent, uint32_t inner, const int8_t *input, int32_t *output);

#ifdef __cplusplus
}
#endif

#endif
