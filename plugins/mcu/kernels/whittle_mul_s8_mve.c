#include "whittle_mul_s8_mve.h"

#include "whittle_rescale_mve.h"

typedef struct {
  int32_t a_offset, b_offset, zero_point;
  whittle_rescale_mve scale;
} product_constants;

static inline int32x4_t multiply_four(const product_constants *k, int32x4_t a, int32x4_t b) {
  const int32x4_t product = vmulq_s32(vaddq_n_s32(a, k->a_offset), vaddq_n_s32(b, k->b_offset));
  return whittle_saturate_mve(vaddq_n_s32(whittle_apply_rescale_mve(product, k->scale), k->zero_point));
}

static void multiply_pairs(product_constants k, uint32_t count, const int8_t *a, const int8_t *b, int8_t *output) {
  for (uint32_t quads = count / 4; quads > 0; --quads, a += 4, b += 4, output += 4) {
    vstrbq_s32(output, multiply_four(&k, vldrbq_s32(a), vldrbq_s32(b)));
  }
  if (count % 4 == 0) return;
  const mve_pred16_t inside = vctp32q(count % 4);
  vstrbq_p_s32(output, multiply_four(&k, vldrbq_z_s32(a, inside), vldrbq_z_s32(b, inside)), inside);
}

/* One of the inputs is the same element all along, or both are. */
static void multiply_repeated(const product_constants *k, uint32_t count, const int8_t *a, int32_t a_step,
                              const int8_t *b, int32_t b_step, int8_t *output) {
  for (int32_t left = (int32_t)count; left > 0; left -= 4, output += 4) {
    const mve_pred16_t inside = vctp32q((uint32_t)left);
    const int32x4_t x = a_step ? vldrbq_z_s32(a, inside) : vdupq_n_s32(*a);
    const int32x4_t y = b_step ? vldrbq_z_s32(b, inside) : vdupq_n_s32(*b);
    vstrbq_p_s32(output, multiply_four(k, x, y), inside);
    a += 4 * a_step;
    b += 4 * b_step;
  }
}

void whittle_mul_s8_mve(const whittle_mul_s8_params *params, const whittle_broadcast *shape, const int8_t *a,
                        const int8_t *b, int8_t *output) {
  const product_constants k = {-params->a_zero_point, -params->b_zero_point, params->output_zero_point,
                               whittle_make_rescale_mve(params->multiplier, params->shift)};
  const int32_t a_step = shape->a_step, b_step = shape->b_step;
  whittle_broadcast_position at = {{0, 0, 0, 0}, 0, 0};
  do {
    if (a_step && b_step) {
      multiply_pairs(k, shape->inner, a + at.a, b + at.b, output);
    } else {
      multiply_repeated(&k, shape->inner, a + at.a, a_step, b + at.b, b_step, output);
    }
    output += shape->inner;
  } while (whittle_broadcast_next(shape, &at));
}
