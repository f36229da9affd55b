#include "whittle_rsqrt_s16.h"

#include "whittle_inverse_sqrt.h"

#define LIFT 20 /* fractional bits of 1 / sqrt of a stored value */

void whittle_rsqrt_s16(int32_t multiplier, int32_t shift, uint32_t count, const int16_t *input, int16_t *output) {
  for (; count > 0; --count) {
    const int32_t x = *input++;
    int32_t result = INT16_MAX;
    if (x > 0) {
      const whittle_factor root = whittle_inverse_sqrt(x);
      const int32_t fine = whittle_multiply(1, root.multiplier, root.shift + LIFT);
      result = whittle_scale_s16(fine, multiplier, shift - LIFT, 0);
    }
    *output++ = (int16_t)result;
  }
}
