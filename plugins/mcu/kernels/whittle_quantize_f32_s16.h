/*
 * From float to int16.
 */
#ifndef WHITTLE_QUANTIZE_F32_S16_H
#define WHITTLE_QUANTIZE_F32_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * output[i] = round(input[i] / scale) + zero point, halves away from zero, saturated to int16. As in the
 * reference on x86, quotients that an int32 cannot hold, and NaN, count as -2^31, and the sum wraps.
 */
void whittle_quantize_f32_s16(float scale, int32_t zero_point, uint32_t count, const float *input, int16_t *output);

#ifdef __cplusplus
}
#endif

#endif
