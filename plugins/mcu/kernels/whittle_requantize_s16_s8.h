/*
 * From int16 to int8.
 */
#ifndef WHITTLE_REQUANTIZE_S16_S8_H
#define WHITTLE_REQUANTIZE_S16_S8_H

#include <stdint.h>

#include "whittle_requantize_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/* output: saturated to int8; it may begin where the input does, or before it. */
void whittle_requantize_s16_s8(const whittle_requantize_s8_params *params, uint32_t count, const int16_t *input,
                               int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
