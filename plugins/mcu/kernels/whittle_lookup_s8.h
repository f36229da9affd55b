/*
 * Any function of one int8, by a table of its 256 values.
 */
#ifndef WHITTLE_LOOKUP_S8_H
#define WHITTLE_LOOKUP_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* output[i] = table[input[i] + 128]; the output may be the input. */
void whittle_lookup_s8(const int8_t *table, uint32_t count, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
