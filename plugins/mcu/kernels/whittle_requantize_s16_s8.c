#include "whittle_requantize_s16_s8.h"

#include "whittle_requantize.h"

void whittle_requantize_s16_s8(const whittle_requantize_s8_params *params, uint32_t count, const int16_t *input,
                               int8_t *output) {
  const int32_t multiplier = params->multiplier, shift = params->shift;
  const int32_t from = params->input_zero_point, to = params->output_zero_point;
  for (; count > 0; --count) {
    const int32_t scaled = whittle_multiply(*input++ - from, multiplier, shift);
    *output++ = (int8_t)whittle_saturate_s8(whittle_wrapping_add(scaled, to));
  }
}
