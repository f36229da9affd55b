/*
 * From int8 to uint8 and back: the same numbers, 128 apart.
 */
#ifndef WHITTLE_FLIP_SIGN_H
#define WHITTLE_FLIP_SIGN_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* `count` bytes of either type become the other one; output may be the input. */
void whittle_flip_sign(uint32_t count, const void *input, void *output);

#ifdef __cplusplus
}
#endif

#endif
