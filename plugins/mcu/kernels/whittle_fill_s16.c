#include "whittle_fill_s16.h"

void whittle_fill_s16(int32_t value, uint32_t count, int16_t *output) {
  for (; count > 0; --count) *output++ = (int16_t)value;
}
