#include "whittle_clamp_s16.h"

void whittle_clamp_s16(int32_t low, int32_t high, uint32_t count, const int16_t *input, int16_t *output) {
  for (; count > 0; --count) {
    const int32_t x = *input++;
    *output++ = (int16_t)(x < low ? low : x > high ? high : x);
  }
}
