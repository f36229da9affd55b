/*
 * 1 / sqrt(x) of int16, whose zero points are 0.
 */
#ifndef WHITTLE_RSQRT_S16_H
#define WHITTLE_RSQRT_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * (multiplier, shift): 1 / (sqrt(input scale) * output scale) from 2^-12 to 2^30, as in whittle_requantize.h. output: saturated to
 * int16, of 0 and less the largest; it may be the input.
 */
void whittle_rsqrt_s16(int32_t multiplier, int32_t shift, uint32_t count, const int16_t *input, int16_t *output);

#ifdef __cplusplus
}
#endif

#endif
