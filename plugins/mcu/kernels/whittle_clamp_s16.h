/*
 * Bounds of a fused activation.
 */
#ifndef WHITTLE_CLAMP_S16_H
#define WHITTLE_CLAMP_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* output[i] = input[i] held between low and high; the output may be the input. */
void whittle_clamp_s16(int32_t low, int32_t high, uint32_t count, const int16_t *input, int16_t *output);

#ifdef __cplusplus
}
#endif

#endif
