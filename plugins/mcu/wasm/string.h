/*
 * What the kernels use of the C library, for WebAssembly without one: with bulk memory each is an instruction.
 */
#ifndef WHITTLE_WASM_STRING_H
#define WHITTLE_WASM_STRING_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

void *memcpy(void *to, const void *from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int value, size_t bytes);

#ifdef __cplusplus
}
#endif

#endif
