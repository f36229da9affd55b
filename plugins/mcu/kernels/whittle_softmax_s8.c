#include "whittle_softmax_s8.h"

#include "whittle_fixed_point.h"

#define SUM_BITS 12 /* integer bits of the sum of exponentials */

/* Q5 of a difference within the radius. */
static int32_t scale_difference(const whittle_softmax_s8_params *p, int32_t below) {
  return whittle_product((int32_t)((uint32_t)below << p->shift), p->multiplier);
}

void whittle_softmax_s8(const whittle_softmax_s8_params *params, const int8_t *input, int8_t *output) {
  const uint32_t depth = params->depth;
  for (uint32_t row = params->rows; row > 0; --row, input += depth, output += depth) {
    int32_t largest = INT8_MIN;
    for (uint32_t i = 0; i < depth; ++i) largest = input[i] > largest ? input[i] : largest;
    int32_t sum = 0;
    for (uint32_t i = 0; i < depth; ++i) {
      const int32_t below = input[i] - largest;
      if (below >= -params->radius) {
        const int32_t scaled = scale_difference(params, below);
        sum += whittle_rounding_shift(whittle_exp_on_negative(scaled), SUM_BITS);
      }
    }
    const int32_t headroom = whittle_leading_zeros((uint32_t)sum);
    const int32_t scale = whittle_reciprocal((uint32_t)sum << headroom);
    const int32_t right = SUM_BITS - headroom + 31 - 8; /* above 31 where every share is below half a step */
    for (uint32_t i = 0; i < depth; ++i) {
      const int32_t below = input[i] - largest;
      int32_t result = INT8_MIN;
      if (below >= -params->radius && right <= 31) {
        const int32_t scaled = scale_difference(params, below);
        const int32_t share = whittle_product(scale, whittle_exp_on_negative(scaled));
        result = whittle_saturate_s8(whittle_rounding_shift(share, right) + INT8_MIN);
      }
      output[i] = (int8_t)result;
    }
  }
}
