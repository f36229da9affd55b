#include "whittle_quantize_f32_s8.h"

#include "whittle_requantize.h"

static int32_t round_away(float x) {
  if (!(x > -2147483648.0f && x < 2147483648.0f)) return INT32_MIN;
  const int32_t whole = (int32_t)x;
  const float rest = x - (float)whole;
  return rest >= 0.5f ? whole + 1 : rest <= -0.5f ? whole - 1 : whole;
}

void whittle_quantize_f32_s8(float scale, int32_t zero_point, uint32_t count, const float *input, int8_t *output) {
  for (; count > 0; --count) {
    const int32_t steps = round_away(*input++ / scale);
    *output++ = (int8_t)whittle_saturate_s8(whittle_wrapping_add(steps, zero_point));
  }
}
