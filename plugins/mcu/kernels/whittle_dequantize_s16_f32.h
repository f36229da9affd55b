/*
 * From int16 to float.
 */
#ifndef WHITTLE_DEQUANTIZE_S16_F32_H
#define WHITTLE_DEQUANTIZE_S16_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* output[i] = scale * (input[i] - zero point). */
void whittle_dequantize_s16_f32(float scale, int32_t zero_point, uint32_t count, const int16_t *input, float *output);

#ifdef __cplusplus
}
#endif

#endif
