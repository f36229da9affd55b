/*
 * Moves rows to the beginning of their buffer.
 */
#ifndef WHITTLE_MOVE_H
#define WHITTLE_MOVE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* `count` bytes; the two stretches may overlap. */
void whittle_move(uint32_t count, const void *from, void *to);

#ifdef __cplusplus
}
#endif

#endif
