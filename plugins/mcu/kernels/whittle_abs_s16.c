#include "whittle_abs_s16.h"

#include "whittle_requantize.h"

void whittle_abs_s16(int32_t multiplier, int32_t shift, uint32_t count, const int16_t *input, int16_t *output) {
  for (; count > 0; --count) {
    const int32_t x = *input++;
    *output++ = (int16_t)whittle_scale_s16(x < 0 ? -x : x, multiplier, shift, 0);
  }
}
