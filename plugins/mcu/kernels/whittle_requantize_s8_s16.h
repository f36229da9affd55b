/*
 * From int8 to int16.
 */
#ifndef WHITTLE_REQUANTIZE_S8_S16_H
#define WHITTLE_REQUANTIZE_S8_S16_H

#include <stdint.h>

#include "whittle_requantize_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/* output: saturated to int16; it may begin `count` bytes or more before the input. */
void whittle_requantize_s8_s16(const whittle_requantize_s8_params *params, uint32_t count, const int8_t *input,
                               int16_t *output);

#ifdef __cplusplus
}
#endif

#endif
