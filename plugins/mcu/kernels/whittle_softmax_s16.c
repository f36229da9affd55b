#include "whittle_softmax_s16.h"

#include "whittle_requantize.h"

/* The table at a stored value of 16 bits, 128 to an entry. */
static inline int32_t look_up(const int16_t *table, int32_t stored) {
  const int32_t index = 256 + (stored >> 7);
  const int32_t slope = (int16_t)(table[index + 1] - table[index]);
  return table[index] + ((slope * (stored & 127) + 64) >> 7);
}

static int32_t leading_zeros(uint32_t x) {
#if defined(__GNUC__)
  return __builtin_clz(x);
#else
  int32_t zeros = 0;
  for (; !(x & 0x80000000u); x <<= 1) ++zeros;
  return zeros;
#endif
}

void whittle_softmax_s16(const whittle_softmax_s16_params *params, const int16_t *exponentials,
                         const int16_t *reciprocals, const int16_t *input, int16_t *output) {
  const uint32_t depth = params->depth;
  for (uint32_t row = params->rows; row > 0; --row, input += depth, output += depth) {
    int32_t largest = INT16_MIN;
    for (uint32_t i = 0; i < depth; ++i) largest = input[i] > largest ? input[i] : largest;
    int32_t sum = 0;
    for (uint32_t i = 0; i < depth; ++i) {
      const int32_t steps = whittle_scale_s16(input[i] - largest, params->multiplier, params->shift, 32767);
      const int32_t exponential = look_up(exponentials, steps);
      output[i] = (int16_t)exponential;
      sum += exponential;
    }
    /* The sum is 2^right * (1 + fraction), the fraction in 16 bits around 0. */
    const int32_t headroom = leading_zeros((uint32_t)sum), right = 31 - headroom;
    const int32_t fraction = ((sum * (1 << (headroom - 1)) + (1 << 13)) >> 14) - (1 << 15) - (1 << 16);
    const int32_t reciprocal = look_up(reciprocals, whittle_saturate_s16(fraction));
    for (uint32_t i = 0; i < depth; ++i) {
      const int32_t share = (output[i] * reciprocal + (1 << (right - 1))) >> right;
      output[i] = (int16_t)(share < 0 ? 0 : share > INT16_MAX ? INT16_MAX : share);
    }
  }
}
