/*
 * From one int16 quantization to another.
 */
#ifndef WHITTLE_REQUANTIZE_S16_H
#define WHITTLE_REQUANTIZE_S16_H

#include <stdint.h>

#include "whittle_requantize_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/* output: saturated to int16; it may be the input. */
void whittle_requantize_s16(const whittle_requantize_s8_params *params, uint32_t count, const int16_t *input,
                            int16_t *output);

#ifdef __cplusplus
}
#endif

#endif
