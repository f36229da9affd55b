/*
 * A constant into consecutive int16.
 */
#ifndef WHITTLE_FILL_S16_H
#define WHITTLE_FILL_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* output[i] = value; value -32768 to 32767. */
void whittle_fill_s16(int32_t value, uint32_t count, int16_t *output);

#ifdef __cplusplus
}
#endif

#endif
