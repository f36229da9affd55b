/*
 * The part of a pooling window that lies inside the image, along one axis.
 */
#ifndef WHITTLE_WINDOW_H
#define WHITTLE_WINDOW_H

#include <stdint.h>

typedef struct {
  uint32_t start, count;
} whittle_window;

static inline whittle_window whittle_window_at(uint32_t output, uint32_t stride, uint32_t pad, uint32_t kernel,
                                               uint32_t size) {
  const int32_t first = (int32_t)(output * stride) - (int32_t)pad;
  const int32_t end = first + (int32_t)kernel < (int32_t)size ? first + (int32_t)kernel : (int32_t)size;
  const int32_t start = first > 0 ? first : 0;
  const whittle_window window = {(uint32_t)start, end > start ? (uint32_t)(end - start) : 0};
  return window;
}

#endif
