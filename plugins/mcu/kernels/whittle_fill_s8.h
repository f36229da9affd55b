/*
 * A constant into consecutive int8.
 */
#ifndef WHITTLE_FILL_S8_H
#define WHITTLE_FILL_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* output[i] = value; value -128 to 127. */
void whittle_fill_s8(int32_t value, uint32_t count, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
