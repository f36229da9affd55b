#include "whittle_add_s8.h"

#include "whittle_requantize.h"

/* Accumulators are doubled, and so is what goes into the narrow input's high product. */
static inline int32_t narrow_term(const whittle_add_s8_params *p, int32_t offset, int32_t half, int32_t sign, int8_t x) {
  const int32_t product = whittle_high_product(x * (1 << 21) + offset, p->narrow_multiplier);
  return (product + ((product >> 31) & sign) + half) >> p->narrow_right;
}

void whittle_add_s8(const whittle_add_s8_params *params, const whittle_broadcast *shape, const int8_t *wide,
                    const int8_t *narrow, int8_t *output) {
  const whittle_add_s8_params *const p = params;
  const whittle_scaler scaler = whittle_make_scaler(p->output_multiplier, p->output_shift, p->output_zero_point);
  const int32_t base = -p->wide_zero_point * p->wide_factor;
  const int32_t offset = -p->narrow_zero_point * (1 << 21);
  const int32_t half = (int32_t)((uint32_t)1 << p->narrow_right >> 1);
  const int32_t sign = p->narrow_right > 0 ? -1 : 0;
  const int32_t a_step = shape->a_step, b_step = shape->b_step;
  whittle_broadcast_position at = {{0, 0, 0, 0}, 0, 0};
  do {
    const int8_t *a = wide + at.a, *b = narrow + at.b;
    for (uint32_t i = shape->inner; i > 0; --i, a += a_step, b += b_step) {
      const int32_t term = narrow_term(p, offset, half, sign, *b);
      const int32_t sum = base + *a * p->wide_factor + term * p->narrow_factor;
      *output++ = (int8_t)whittle_scale(&scaler, sum);
    }
  } while (whittle_broadcast_next(shape, &at));
}
