/*
 * Any function of one int8 by Helium, 16 values at a time from a table.
 */
#ifndef WHITTLE_LOOKUP_S8_MVE_H
#define WHITTLE_LOOKUP_S8_MVE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* output[i] = table[input[i] + 128]; the output may be the input. */
void whittle_lookup_s8_mve(const int8_t *table, uint32_t count, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
