#include "whittle_dequantize_s16_f32.h"

void whittle_dequantize_s16_f32(float scale, int32_t zero_point, uint32_t count, const int16_t *input, float *output) {
  for (; count > 0; --count) *output++ = scale * (float)(*input++ - zero_point);
}
