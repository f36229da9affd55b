#include "whittle_cumsum_s8.h"

#include "whittle_requantize.h"

void whittle_cumsum_s8(const whittle_cumsum_s8_params *params, const int8_t *input, int8_t *output) {
  const whittle_cumsum_s8_params *const p = params;
  const uint32_t block = p->extent * p->inner;
  for (uint32_t i = p->outer; i > 0; --i, input += block, output += block) {
    for (uint32_t k = 0; k < p->inner; ++k) {
      int32_t sum = 0;
      for (uint32_t step = 0; step < p->extent; ++step) {
        const uint32_t at = (p->reverse ? p->extent - 1 - step : step) * p->inner + k;
        const int32_t after = sum + input[at] * (1 << 19);
        const int32_t scaled = whittle_multiply(p->exclusive ? sum : after, p->multiplier, p->shift);
        output[at] = (int8_t)whittle_saturate_s8(scaled + p->output_zero_point);
        sum = after;
      }
    }
  }
}
