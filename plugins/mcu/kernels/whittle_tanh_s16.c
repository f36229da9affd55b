#include "whittle_tanh_s16.h"

#include "whittle_interpolated_sigmoid.h"

void whittle_tanh_s16(const uint16_t *table, int32_t multiplier, int32_t shift, uint32_t count, const int16_t *input,
                      int16_t *output) {
  const int32_t half = (int32_t)((uint32_t)1 << shift >> 1);
  for (; count > 0; --count) {
    const int32_t steps = (*input++ * multiplier + half) >> shift;
    *output++ = (int16_t)whittle_interpolated_tanh(table, steps);
  }
}
