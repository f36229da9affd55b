#include "whittle_requantize_s16.h"

#include "whittle_requantize.h"

void whittle_requantize_s16(const whittle_requantize_s8_params *params, uint32_t count, const int16_t *input,
                            int16_t *output) {
  const int32_t multiplier = params->multiplier, shift = params->shift;
  const int32_t from = params->input_zero_point, to = params->output_zero_point;
  for (; count > 0; --count) *output++ = (int16_t)whittle_scale_s16(*input++ - from, multiplier, shift, to);
}
