/*
 * How two inputs of an element-wise kernel meet: their broadcast shapes, merged to at most five dimensions.
 */
#ifndef WHITTLE_BROADCAST_H
#define WHITTLE_BROADCAST_H

#include <stdint.h>

typedef struct {
  uint32_t inner;           /* elements of the innermost dimension */
  uint16_t a_step, b_step;  /* 1: consecutive elements; 0: one element for all of them */
  uint16_t outer[4];        /* sizes of the dimensions around it, outermost first; 1 where unused */
  int32_t a_strides[4], b_strides[4]; /* elements from one index of an outer dimension to the next, 0 to repeat */
} whittle_broadcast;

/* Where a walk over the outer dimensions stands. */
typedef struct {
  uint16_t index[4];
  int32_t a, b; /* element offsets */
} whittle_broadcast_position;

/* Moves to the next innermost stretch; 0 at the end. */
static inline int whittle_broadcast_next(const whittle_broadcast *shape, whittle_broadcast_position *at) {
  for (int32_t d = 3; d >= 0; --d) {
    at->a += shape->a_strides[d];
    at->b += shape->b_strides[d];
    if (++at->index[d] < shape->outer[d]) return 1;
    at->a -= shape->a_strides[d] * shape->outer[d];
    at->b -= shape->b_strides[d] * shape->outer[d];
    at->index[d] = 0;
  }
  return 0;
}

#endif
