/*
 * Any function of one int8, by a table of its 256 values, on 64-bit Arm.
 */
#ifndef WHITTLE_LOOKUP_S8_NEON_H
#define WHITTLE_LOOKUP_S8_NEON_H

#include "whittle_lookup_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/* As whittle_lookup_s8. */
void whittle_lookup_s8_neon(const int8_t *table, uint32_t count, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
