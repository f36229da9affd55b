#include "whittle_clamp_s8_neon.h"

#include <arm_neon.h>

static inline int32_t clamp(int32_t x, int32_t low, int32_t high) { return x < low ? low : x > high ? high : x; }

void whittle_clamp_s8_neon(int32_t low, int32_t high, uint32_t count, const int8_t *input, int8_t *output) {
  const int8x16_t smallest = vdupq_n_s8((int8_t)clamp(low, INT8_MIN, INT8_MAX));
  const int8x16_t largest = vdupq_n_s8((int8_t)clamp(high, INT8_MIN, INT8_MAX));
  for (; count >= 16; count -= 16, input += 16, output += 16) {
    vst1q_s8(output, vminq_s8(vmaxq_s8(vld1q_s8(input), smallest), largest));
  }
  for (; count > 0; --count) *output++ = (int8_t)clamp(*input++, low, high);
}
