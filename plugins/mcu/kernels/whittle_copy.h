/*
 * Strided copy: concatenation, split, slices, transpose, space to depth and back, the inside of a pad and the margins of
 * a mirrored one.
 */
#ifndef WHITTLE_COPY_H
#define WHITTLE_COPY_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint32_t chunk;    /* bytes copied at once */
  uint16_t sizes[5]; /* indices of each dimension, outermost first; 1 where unused */
  int32_t input_strides[5], output_strides[5]; /* bytes from one index to the next; may be negative */
  uint32_t input_start, output_start;          /* byte offsets of the first chunk */
} whittle_copy_params;

/* Moves sizes[0] * ... * sizes[4] chunks. No byte may be both read and written. */
void whittle_copy(const whittle_copy_params *params, const void *input, void *output);

#ifdef __cplusplus
}
#endif

#endif
