/*
 * Clamps int8 values to a range on 64-bit Arm.
 */
#ifndef WHITTLE_CLAMP_S8_NEON_H
#define WHITTLE_CLAMP_S8_NEON_H

#include "whittle_clamp_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/* As whittle_clamp_s8. */
void whittle_clamp_s8_neon(int32_t low, int32_t high, uint32_t count, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
