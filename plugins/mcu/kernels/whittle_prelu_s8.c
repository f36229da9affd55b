#include "whittle_prelu_s8.h"

#include "whittle_requantize.h"

void whittle_prelu_s8(const whittle_prelu_s8_params *params, const whittle_broadcast *shape, const int8_t *input,
                      const int8_t *alpha, int8_t *output) {
  const whittle_prelu_s8_params *const p = params;
  const whittle_scaler positive = whittle_make_scaler(p->positive_multiplier, p->positive_shift, p->output_zero_point);
  const whittle_scaler negative = whittle_make_scaler(p->negative_multiplier, p->negative_shift, p->output_zero_point);
  const int32_t a_step = shape->a_step, b_step = shape->b_step;
  whittle_broadcast_position at = {{0, 0, 0, 0}, 0, 0};
  do {
    const int8_t *x = input + at.a, *slope = alpha + at.b;
    for (uint32_t i = shape->inner; i > 0; --i, x += a_step, slope += b_step) {
      const int32_t value = 2 * (*x - p->input_zero_point);
      *output++ = (int8_t)(value >= 0 ? whittle_scale(&positive, value)
                                      : whittle_scale(&negative, value * (*slope - p->alpha_zero_point)));
    }
  } while (whittle_broadcast_next(shape, &at));
}
