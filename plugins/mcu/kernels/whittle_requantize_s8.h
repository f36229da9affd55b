/*
 * From one int8 quantization to another.
 */
#ifndef WHITTLE_REQUANTIZE_S8_H
#define WHITTLE_REQUANTIZE_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t multiplier, shift; /* input scale / output scale, as in whittle_requantize.h */
  int16_t input_zero_point, output_zero_point;
} whittle_requantize_s8_params;

/* output: saturated to int8; it may be the input. */
void whittle_requantize_s8(const whittle_requantize_s8_params *params, uint32_t count, const int8_t *input,
                           int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
