#include "whittle_l2_normalize_s8.h"

#include "whittle_inverse_sqrt.h"

#define OUTPUT_BITS 7 /* the output scale is 2^-7 */

void whittle_l2_normalize_s8(uint32_t rows, uint32_t depth, int32_t input_zero_point, const int8_t *input,
                             int8_t *output) {
  for (; rows > 0; --rows, input += depth, output += depth) {
    int32_t sum = 0;
    for (uint32_t i = 0; i < depth; ++i) {
      const int32_t x = input[i] - input_zero_point;
      sum += x * x;
    }
    const whittle_factor root = whittle_inverse_sqrt(sum);
    for (uint32_t i = 0; i < depth; ++i) {
      const int32_t x = input[i] - input_zero_point;
      output[i] = (int8_t)whittle_saturate_s8(whittle_multiply(x, root.multiplier, root.shift + OUTPUT_BITS));
    }
  }
}
