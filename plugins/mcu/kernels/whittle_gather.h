/*
 * Entries picked by computed indices.
 */
#ifndef WHITTLE_GATHER_H
#define WHITTLE_GATHER_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint32_t outer, entries, chunk; /* chunk: bytes of an entry */
  uint32_t count;                 /* of indices */
} whittle_gather_params;

/*
 * input    [outer][entries][chunk]
 * indices  [count], from 0 to entries - 1; one beyond these counts as the nearest
 * output   [outer][count][chunk], overlapping neither
 */
void whittle_gather(const whittle_gather_params *params, const void *input, const int32_t *indices, void *output);

#ifdef __cplusplus
}
#endif

#endif
