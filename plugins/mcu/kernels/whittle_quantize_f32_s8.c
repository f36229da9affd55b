#include "whittle_quantize_f32_s8.h"

#include "whittle_requantize.h"
#include "whittle_round_f32.h"

void whittle_quantize_f32_s8(float scale, int32_t zero_point, uint32_t count, const float *input, int8_t *output) {
  for (; count > 0; --count) {
    const int32_t steps = whittle_round_f32(*input++ / scale);
    *output++ = (int8_t)whittle_saturate_s8(whittle_wrapping_add(steps, zero_point));
  }
}
