#include "whittle_add_s8.h"

#include "whittle_requantize.h"

/* Constants of the loops below; in one place, where no store of an output can change them. */
typedef struct {
  int32_t base, wide_factor;
  int32_t offset, multiplier, sign, half, right, narrow_factor;
  whittle_scaler scaler;
} sum_constants;

/* The doubled sum of two elements. Doubling goes into the factors, and into the narrow input before its product. */
static inline int32_t doubled_sum(const sum_constants *k, int32_t wide, int32_t narrow) {
  const int32_t product = whittle_high_product(narrow * (1 << 21) + k->offset, k->multiplier);
  const int32_t term = (product + ((product >> 31) & k->sign) + k->half) >> k->right;
  return k->base + wide * k->wide_factor + term * k->narrow_factor;
}

void whittle_add_s8(const whittle_add_s8_params *params, const whittle_broadcast *shape, const int8_t *wide,
                    const int8_t *narrow, int8_t *output) {
  const whittle_add_s8_params *const p = params;
  sum_constants k;
  k.base = -p->wide_zero_point * p->wide_factor;
  k.wide_factor = p->wide_factor;
  k.offset = -p->narrow_zero_point * (1 << 21);
  k.multiplier = p->narrow_multiplier;
  k.sign = p->narrow_right > 0 ? -1 : 0;
  k.half = (int32_t)((uint32_t)1 << p->narrow_right >> 1);
  k.right = p->narrow_right;
  k.narrow_factor = p->narrow_factor;
  k.scaler = whittle_make_scaler(p->output_multiplier, p->output_shift, p->output_zero_point);
  const uint32_t inner = shape->inner;
  const int32_t a_step = shape->a_step, b_step = shape->b_step;
  whittle_broadcast_position at = {{0, 0, 0, 0}, 0, 0};
  do {
    const int8_t *a = wide + at.a, *b = narrow + at.b;
    int8_t *const end = output + inner;
    if (k.scaler.right > 0) {
      for (; output != end; a += a_step, b += b_step) {
        const int32_t sum = doubled_sum(&k, *a, *b);
        *output++ = (int8_t)whittle_scale_short(sum, k.scaler.multiplier, k.scaler.nudge, k.scaler.right);
      }
    } else {
      for (; output != end; a += a_step, b += b_step) {
        *output++ = (int8_t)whittle_scale(&k.scaler, doubled_sum(&k, *a, *b));
      }
    }
  } while (whittle_broadcast_next(shape, &at));
}
