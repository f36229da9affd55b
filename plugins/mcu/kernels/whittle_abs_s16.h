/*
 * Magnitude of int16 with zero point 0.
 */
#ifndef WHITTLE_ABS_S16_H
#define WHITTLE_ABS_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * output[i] = |input[i]| * (multiplier, shift), input scale / output scale as in whittle_requantize.h, saturated to
 * int16; the output may be the input.
 */
void whittle_abs_s16(int32_t multiplier, int32_t shift, uint32_t count, const int16_t *input, int16_t *output);

#ifdef __cplusplus
}
#endif

#endif
