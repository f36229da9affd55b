#include "whittle_clamp_s8.h"

void whittle_clamp_s8(int32_t low, int32_t high, uint32_t count, const int8_t *input, int8_t *output) {
  for (; count > 0; --count) {
    const int32_t x = *input++;
    *output++ = (int8_t)(x < low ? low : x > high ? high : x);
  }
}
