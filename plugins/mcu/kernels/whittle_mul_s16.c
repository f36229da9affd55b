#include "whittle_mul_s16.h"

#include "whittle_requantize.h"

void whittle_mul_s16(const whittle_mul_s16_params *params, const whittle_broadcast *shape, const int16_t *a,
                     const int16_t *b, int16_t *output) {
  const int32_t multiplier = params->multiplier, shift = params->shift;
  const int32_t a_step = shape->a_step, b_step = shape->b_step;
  whittle_broadcast_position at = {{0, 0, 0, 0}, 0, 0};
  do {
    const int16_t *x = a + at.a, *y = b + at.b;
    for (uint32_t i = shape->inner; i > 0; --i, x += a_step, y += b_step) {
      *output++ = (int16_t)whittle_scale_s16(*x * *y, multiplier, shift, 0);
    }
  } while (whittle_broadcast_next(shape, &at));
}
