/*
 * Eight elements at a time, in two vectors of int32. The end of a stretch that holds fewer goes through eight elements
 * on the stack.
 */
#include "whittle_add_s8_simd128.h"

#include "whittle_simd128.h"

#define LANES 8

typedef struct {
  whittle_v128 base, offset, multiplier, sign, half;
  whittle_v128 wide_sign, narrow_sign; /* -1 where the input is subtracted, else 0 */
  int32_t right;
  whittle_scaler4 scaler;
} sum_constants;

static inline whittle_v128 with_sign(whittle_v128 v, whittle_v128 sign) {
  return whittle_v_sub32(whittle_v_xor32(v, sign), sign);
}

/* Outputs of four elements, not yet saturated; whittle_add_s8.c has the same steps. */
static inline whittle_v128 add_four(const sum_constants *k, whittle_v128 wide, whittle_v128 narrow) {
  const whittle_v128 lifted = whittle_v_add32(whittle_v_left32(narrow, 21), k->offset);
  const whittle_v128 product = whittle_v_high_product(lifted, k->multiplier);
  const whittle_v128 nudge = whittle_v_add32(whittle_v_and32(whittle_v_right32(product, 31), k->sign), k->half);
  const whittle_v128 term = whittle_v_right32(whittle_v_add32(product, nudge), k->right);
  const whittle_v128 narrow_part = with_sign(whittle_v_left32(term, 1), k->narrow_sign);
  const whittle_v128 wide_part = with_sign(whittle_v_left32(wide, 20), k->wide_sign);
  return whittle_v_scale(&k->scaler, whittle_v_add32(whittle_v_add32(k->base, wide_part), narrow_part));
}

static inline void add_eight(const sum_constants *k, whittle_v128 wide, whittle_v128 narrow, int8_t *output) {
  const whittle_v128 low = add_four(k, whittle_v_widen_low_s16(wide), whittle_v_widen_low_s16(narrow));
  const whittle_v128 high = add_four(k, whittle_v_widen_high_s16(wide), whittle_v_widen_high_s16(narrow));
  whittle_v_store_bytes(output, whittle_v_pack32(low, high));
}

/* Up to eight elements, `step` (0 or 1) apart. */
static inline whittle_v128 gather(const int8_t *from, uint32_t count, int32_t step) {
  int8_t elements[LANES] = {0};
  for (uint32_t i = 0; i < count; ++i, from += step) elements[i] = *from;
  return whittle_v_load_widened(elements);
}

static void add_stretch(const sum_constants *k, const whittle_broadcast *shape, const int8_t *a, const int8_t *b,
                        int8_t *output) {
  const int32_t a_step = shape->a_step, b_step = shape->b_step;
  const whittle_v128 all_a = whittle_v_splat16(*a), all_b = whittle_v_splat16(*b);
  uint32_t left = shape->inner;
  for (; left >= LANES; left -= LANES, a += LANES * a_step, b += LANES * b_step, output += LANES) {
    add_eight(k, a_step ? whittle_v_load_widened(a) : all_a, b_step ? whittle_v_load_widened(b) : all_b, output);
  }
  if (left > 0) {
    int8_t sums[LANES];
    add_eight(k, gather(a, left, a_step), gather(b, left, b_step), sums);
    memcpy(output, sums, left);
  }
}

void whittle_add_s8_simd128(const whittle_add_s8_params *params, const whittle_broadcast *shape, const int8_t *wide,
                            const int8_t *narrow, int8_t *output) {
  const whittle_add_s8_params *const p = params;
  const int32_t multipliers[4] = {p->output_multiplier, p->output_multiplier, p->output_multiplier,
                                  p->output_multiplier};
  const int32_t shifts[4] = {p->output_shift, p->output_shift, p->output_shift, p->output_shift};
  sum_constants k;
  k.base = whittle_v_splat32(-p->wide_zero_point * p->wide_factor);
  k.offset = whittle_v_splat32(-p->narrow_zero_point * (1 << 21));
  k.multiplier = whittle_v_splat32(p->narrow_multiplier);
  k.sign = whittle_v_splat32(p->narrow_right > 0 ? -1 : 0);
  k.half = whittle_v_splat32((int32_t)((uint32_t)1 << p->narrow_right >> 1));
  k.wide_sign = whittle_v_splat32(p->wide_factor < 0 ? -1 : 0);
  k.narrow_sign = whittle_v_splat32(p->narrow_factor < 0 ? -1 : 0);
  k.right = p->narrow_right;
  k.scaler = whittle_make_scaler4(multipliers, shifts, p->output_zero_point);
  whittle_broadcast_position at = {{0, 0, 0, 0}, 0, 0};
  do {
    add_stretch(&k, shape, wide + at.a, narrow + at.b, output);
    output += shape->inner;
  } while (whittle_broadcast_next(shape, &at));
}
