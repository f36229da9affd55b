#include "whittle_mul_s8.h"

#include "whittle_requantize.h"

void whittle_mul_s8(const whittle_mul_s8_params *params, const whittle_broadcast *shape, const int8_t *a,
                    const int8_t *b, int8_t *output) {
  const whittle_scaler scaler = whittle_make_scaler(params->multiplier, params->shift, params->output_zero_point);
  const int32_t a_zero = params->a_zero_point, b_zero = params->b_zero_point;
  const int32_t a_step = shape->a_step, b_step = shape->b_step;
  whittle_broadcast_position at = {{0, 0, 0, 0}, 0, 0};
  do {
    const int8_t *x = a + at.a, *y = b + at.b;
    for (uint32_t i = shape->inner; i > 0; --i, x += a_step, y += b_step) {
      *output++ = (int8_t)whittle_scale(&scaler, 2 * (*x - a_zero) * (*y - b_zero));
    }
  } while (whittle_broadcast_next(shape, &at));
}
