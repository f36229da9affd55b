#include "whittle_requantize_s8.h"

#include "whittle_requantize.h"

void whittle_requantize_s8(const whittle_requantize_s8_params *params, uint32_t count, const int8_t *input,
                           int8_t *output) {
  const whittle_scaler scaler = whittle_make_scaler(params->multiplier, params->shift, params->output_zero_point);
  const int32_t zero = params->input_zero_point;
  for (; count > 0; --count) *output++ = (int8_t)whittle_scale(&scaler, 2 * (*input++ - zero));
}
