#include "whittle_div_s8.h"

#include "whittle_fixed_point.h"

/* a / b times the factor. The reciprocal of b and a itself are brought to 31 bits first. */
static int32_t divide(int32_t a, int32_t b, int32_t multiplier, int32_t shift) {
  if (b == 0) return a > 0 ? 256 : a < 0 ? -256 : 0;
  if (b < 0) {
    a = -a;
    b = -b;
  }
  if (a == 0) return 0;
  const int32_t zeros = whittle_leading_zeros((uint32_t)b);
  const int32_t reciprocal = whittle_reciprocal((uint32_t)b << zeros);
  const int32_t headroom = a == -1 ? 31 : whittle_leading_zeros((uint32_t)(a < 0 ? ~a : a)) - 1;
  const int32_t quotient = whittle_product((int32_t)((uint32_t)a << headroom), reciprocal);
  const int32_t right = 31 - zeros + headroom - shift;
  return right > 31 ? 0 : whittle_rounding_shift(whittle_product(quotient, multiplier), right);
}

void whittle_div_s8(const whittle_div_s8_params *params, const whittle_broadcast *shape, const int8_t *a,
                    const int8_t *b, int8_t *output) {
  const whittle_div_s8_params *const p = params;
  const int32_t a_step = shape->a_step, b_step = shape->b_step;
  whittle_broadcast_position at = {{0, 0, 0, 0}, 0, 0};
  do {
    const int8_t *x = a + at.a, *y = b + at.b;
    for (uint32_t i = shape->inner; i > 0; --i, x += a_step, y += b_step) {
      const int32_t quotient = divide(*x - p->a_zero_point, *y - p->b_zero_point, p->multiplier, p->shift);
      *output++ = (int8_t)whittle_saturate_s8(whittle_wrapping_add(quotient, p->output_zero_point));
    }
  } while (whittle_broadcast_next(shape, &at));
}
