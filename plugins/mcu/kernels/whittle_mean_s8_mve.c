#include "whittle_mean_s8_mve.h"

#include "whittle_rescale_mve.h"

/* `start` plus the elements along both reduced dimensions. */
static inline int32x4_t sum_four(const whittle_mean_s8_params *p, const int8_t *outer, int32_t start,
                                 uint32_t outer_step, mve_pred16_t inside) {
  int32x4_t sum = vdupq_n_s32(start);
  const uint32_t inner_step = p->shape[4], inner = p->shape[3];
  for (uint32_t r = p->shape[1]; r > 0; --r, outer += outer_step) {
    const int8_t *x = outer;
    for (uint32_t s = inner; s > 0; --s, x += inner_step) sum = vaddq_s32(sum, vldrbq_z_s32(x, inside));
  }
  return sum;
}

void whittle_mean_s8_mve(const whittle_mean_s8_params *params, const int8_t *input, int8_t *output) {
  const uint32_t *const shape = params->shape;
  const uint32_t kept = shape[4], line = shape[3] * kept, outer_step = shape[2] * line;
  const int32_t start = -params->input_zero_point * (int32_t)(shape[1] * shape[3]);
  const whittle_rescale_mve scale = whittle_make_rescale_mve(params->multiplier, params->shift);
  for (uint32_t i = 0; i < shape[0]; ++i, input += shape[1] * outer_step) {
    for (uint32_t j = 0; j < shape[2]; ++j, output += kept) {
      for (uint32_t k = 0; k < kept; k += 4) {
        const mve_pred16_t inside = vctp32q(kept - k);
        const int32x4_t sum = sum_four(params, input + j * line + k, start, outer_step, inside);
        const int32x4_t mean = vaddq_n_s32(whittle_apply_rescale_mve(sum, scale), params->output_zero_point);
        vstrbq_p_s32(output + k, whittle_saturate_mve(mean), inside);
      }
    }
  }
}
