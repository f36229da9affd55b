#include "whittle_maximum_s16.h"

void whittle_maximum_s16(const whittle_broadcast *shape, const int16_t *a, const int16_t *b, int16_t *output) {
  const int32_t a_step = shape->a_step, b_step = shape->b_step;
  whittle_broadcast_position at = {{0, 0, 0, 0}, 0, 0};
  do {
    const int16_t *x = a + at.a, *y = b + at.b;
    for (uint32_t i = shape->inner; i > 0; --i, x += a_step, y += b_step) *output++ = *x > *y ? *x : *y;
  } while (whittle_broadcast_next(shape, &at));
}
