#include "whittle_prelu_s16.h"

#include "whittle_requantize.h"

void whittle_prelu_s16(const whittle_prelu_s8_params *params, const whittle_broadcast *shape, const int16_t *input,
                       const int8_t *alpha, int16_t *output) {
  const whittle_prelu_s8_params *const p = params;
  const int32_t a_step = shape->a_step, b_step = shape->b_step;
  whittle_broadcast_position at = {{0, 0, 0, 0}, 0, 0};
  do {
    const int16_t *x = input + at.a;
    const int8_t *slope = alpha + at.b;
    for (uint32_t i = shape->inner; i > 0; --i, x += a_step, slope += b_step) {
      const int32_t value = *x - p->input_zero_point;
      const int32_t scaled =
          value >= 0
              ? whittle_multiply(value, p->positive_multiplier, p->positive_shift)
              : whittle_multiply(value * (*slope - p->alpha_zero_point), p->negative_multiplier, p->negative_shift);
      *output++ = (int16_t)whittle_saturate_s16(whittle_wrapping_add(scaled, p->output_zero_point));
    }
  } while (whittle_broadcast_next(shape, &at));
}
