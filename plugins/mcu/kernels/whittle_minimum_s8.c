#include "whittle_minimum_s8.h"

void whittle_minimum_s8(const whittle_broadcast *shape, const int8_t *a, const int8_t *b, int8_t *output) {
  const int32_t a_step = shape->a_step, b_step = shape->b_step;
  whittle_broadcast_position at = {{0, 0, 0, 0}, 0, 0};
  do {
    const int8_t *x = a + at.a, *y = b + at.b;
    for (uint32_t i = shape->inner; i > 0; --i, x += a_step, y += b_step) *output++ = *x < *y ? *x : *y;
  } while (whittle_broadcast_next(shape, &at));
}
