#include "whittle_add_s16.h"

#include "whittle_requantize.h"

/* The distance from the zero point at the common scale. */
static inline int32_t lifted(int32_t distance, int32_t multiplier, int32_t shift) {
  return whittle_multiply((int32_t)((uint32_t)distance << 15), multiplier, shift);
}

void whittle_add_s16(const whittle_add_s16_params *params, const whittle_broadcast *shape, const int16_t *a,
                     const int16_t *b, int16_t *output) {
  const whittle_add_s16_params *const p = params;
  const int32_t a_step = shape->a_step, b_step = shape->b_step;
  const int32_t sign = p->subtract ? -1 : 1;
  whittle_broadcast_position at = {{0, 0, 0, 0}, 0, 0};
  do {
    const int16_t *x = a + at.a, *y = b + at.b;
    for (uint32_t i = shape->inner; i > 0; --i, x += a_step, y += b_step) {
      const int32_t left = lifted(*x - p->a_zero_point, p->a_multiplier, p->a_shift);
      const int32_t right = lifted(*y - p->b_zero_point, p->b_multiplier, p->b_shift);
      const int32_t sum = whittle_wrapping_add(left, sign * right);
      *output++ =
          (int16_t)whittle_scale_s16(sum, p->output_multiplier, p->output_shift, p->output_zero_point);
    }
  } while (whittle_broadcast_next(shape, &at));
}
