/*
 * Moves rows to the beginning of their buffer.
 */
#ifndef WHITTLE_MOVE_S8_H
#define WHITTLE_MOVE_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* `count` bytes; the two stretches may overlap. */
void whittle_move_s8(uint32_t count, const int8_t *from, int8_t *to);

#ifdef __cplusplus
}
#endif

#endif
