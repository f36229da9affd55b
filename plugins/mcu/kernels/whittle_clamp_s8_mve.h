/*
 * Clamp of int8 values by Helium.
 */
#ifndef WHITTLE_CLAMP_S8_MVE_H
#define WHITTLE_CLAMP_S8_MVE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* output[i] = input[i], at least min, at most max; the output may be the input. */
void whittle_clamp_s8_mve(int32_t min, int32_t max, uint32_t count, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
