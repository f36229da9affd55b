#include "whittle_squared_difference_s8.h"

#include "whittle_requantize.h"

void whittle_squared_difference_s8(const whittle_squared_difference_s8_params *params,
                                   const whittle_broadcast *shape, const int8_t *a, const int8_t *b,
                                   int8_t *output) {
  const whittle_squared_difference_s8_params *const p = params;
  const int32_t a_step = shape->a_step, b_step = shape->b_step;
  whittle_broadcast_position at = {{0, 0, 0, 0}, 0, 0};
  do {
    const int8_t *x = a + at.a, *y = b + at.b;
    for (uint32_t i = shape->inner; i > 0; --i, x += a_step, y += b_step) {
      const int32_t left = whittle_multiply((*x - p->a_zero_point) * 128, p->a_multiplier, p->a_shift);
      const int32_t right = whittle_multiply((*y - p->b_zero_point) * 128, p->b_multiplier, p->b_shift);
      const int32_t difference = left - right;
      const int32_t scaled = whittle_multiply(difference * difference, p->output_multiplier, p->output_shift);
      *output++ = (int8_t)whittle_saturate_s8(whittle_wrapping_add(scaled, p->output_zero_point));
    }
  } while (whittle_broadcast_next(shape, &at));
}
