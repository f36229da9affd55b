#include "whittle_mean_s16.h"

#include "whittle_requantize.h"

void whittle_mean_s16(const whittle_mean_s8_params *params, const int16_t *input, int16_t *output) {
  const uint32_t *const shape = params->shape;
  const uint32_t inner_step = shape[4], line = shape[3] * inner_step, outer_step = shape[2] * line;
  const int32_t offset = (int32_t)(0u - (uint32_t)params->input_zero_point * shape[1] * shape[3]);
  for (uint32_t i = 0; i < shape[0]; ++i, input += shape[1] * outer_step) {
    for (uint32_t j = 0; j < shape[2]; ++j) {
      for (uint32_t k = 0; k < shape[4]; ++k) {
        const int16_t *outer = input + j * line + k;
        int32_t sum = offset;
        for (uint32_t r = shape[1]; r > 0; --r, outer += outer_step) {
          const int16_t *x = outer;
          for (uint32_t s = shape[3]; s > 0; --s, x += inner_step) sum = whittle_wrapping_add(sum, *x);
        }
        *output++ =
            (int16_t)whittle_scale_s16(sum, params->multiplier, params->shift, params->output_zero_point);
      }
    }
  }
}
