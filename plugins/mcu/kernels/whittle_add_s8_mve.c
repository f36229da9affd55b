#include "whittle_add_s8_mve.h"

#include "whittle_rescale_mve.h"

/* Constants of the loops below, in one place for the compiler to keep in registers. */
typedef struct {
  int32x4_t lift, wide_factor;
  int32_t narrow_offset, wide_offset, narrow_factor, zero_point;
  whittle_rescale_mve narrow, output;
} sum_constants;

static inline int32x4_t add_four(const sum_constants *k, int32x4_t wide, int32x4_t narrow) {
  const int32x4_t lifted = vmlasq_n_s32(narrow, k->lift, k->narrow_offset);
  const int32x4_t term = whittle_apply_rescale_mve(lifted, k->narrow);
  const int32x4_t sum = vmlaq_n_s32(vmlasq_n_s32(wide, k->wide_factor, k->wide_offset), term, k->narrow_factor);
  return whittle_saturate_mve(vaddq_n_s32(whittle_apply_rescale_mve(sum, k->output), k->zero_point));
}

static void add_pairs(sum_constants k, uint32_t count, const int8_t *wide, const int8_t *narrow, int8_t *output) {
  for (uint32_t quads = count / 4; quads > 0; --quads, wide += 4, narrow += 4, output += 4) {
    vstrbq_s32(output, add_four(&k, vldrbq_s32(wide), vldrbq_s32(narrow)));
  }
  if (count % 4 == 0) return;
  const mve_pred16_t inside = vctp32q(count % 4);
  vstrbq_p_s32(output, add_four(&k, vldrbq_z_s32(wide, inside), vldrbq_z_s32(narrow, inside)), inside);
}

/* One of the inputs is the same element all along, or both are. */
static void add_repeated(const sum_constants *k, uint32_t count, const int8_t *wide, int32_t wide_step,
                         const int8_t *narrow, int32_t narrow_step, int8_t *output) {
  for (int32_t left = (int32_t)count; left > 0; left -= 4, output += 4) {
    const mve_pred16_t inside = vctp32q((uint32_t)left);
    const int32x4_t a = wide_step ? vldrbq_z_s32(wide, inside) : vdupq_n_s32(*wide);
    const int32x4_t b = narrow_step ? vldrbq_z_s32(narrow, inside) : vdupq_n_s32(*narrow);
    vstrbq_p_s32(output, add_four(k, a, b), inside);
    wide += 4 * wide_step;
    narrow += 4 * narrow_step;
  }
}

void whittle_add_s8_mve(const whittle_add_s8_mve_params *params, const whittle_broadcast *shape, const int8_t *wide,
                        const int8_t *narrow, int8_t *output) {
  const whittle_add_s8_mve_params *const p = params;
  sum_constants k;
  k.lift = vdupq_n_s32(1 << 20);
  k.wide_factor = vdupq_n_s32(p->wide_factor);
  k.narrow_offset = -p->narrow_zero_point * (1 << 20);
  k.wide_offset = -p->wide_zero_point * p->wide_factor;
  k.narrow_factor = p->narrow_factor;
  k.zero_point = p->output_zero_point;
  k.narrow = whittle_make_rescale_mve(p->narrow_multiplier, p->narrow_shift);
  k.output = whittle_make_rescale_mve(p->output_multiplier, p->output_shift);
  const int32_t a_step = shape->a_step, b_step = shape->b_step;
  whittle_broadcast_position at = {{0, 0, 0, 0}, 0, 0};
  do {
    if (a_step && b_step) {
      add_pairs(k, shape->inner, wide + at.a, narrow + at.b, output);
    } else {
      add_repeated(&k, shape->inner, wide + at.a, a_step, narrow + at.b, b_step, output);
    }
    output += shape->inner;
  } while (whittle_broadcast_next(shape, &at));
}
