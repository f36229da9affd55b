#include "whittle_leaky_relu_s16.h"

#include "whittle_requantize.h"

void whittle_leaky_relu_s16(const whittle_leaky_relu_s16_params *params, uint32_t count, const int16_t *input,
                            int16_t *output) {
  const whittle_leaky_relu_s16_params *const p = params;
  for (; count > 0; --count) {
    const int32_t x = *input++ - p->input_zero_point;
    int32_t y;
    if (x >= 0) {
      y = whittle_multiply(x, p->above_multiplier, p->above_shift);
    } else {
      y = whittle_multiply(x, p->below_multiplier, p->below_shift);
      if (p->negative) y = (int32_t)(0u - (uint32_t)y);
    }
    *output++ = (int16_t)whittle_saturate_s16(whittle_wrapping_add(y, p->output_zero_point));
  }
}
