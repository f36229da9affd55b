/*
 * Fixed point throughout: Qk is an int32 with k integer and 31 - k fractional bits; the doubling high product of
 * Qa and Qb is Q(a + b).
 */
#include "whittle_softmax_s8.h"

#include "whittle_requantize.h"

#define SUM_BITS 12 /* integer bits of the sum of exponentials */

static int32_t product(int32_t a, int32_t b) { return whittle_doubling_high_product(a, b); }

/* exp(a) in Q0 of a <= 0 in Q5: a Taylor polynomial around -1/8 on the remainder modulo 1/4, then exp(-2^i) bit by bit. */
static int32_t exp_on_negative(int32_t a) {
  static const int32_t factors[7] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
  const int32_t quarter = 1 << 24;
  if (a == 0) return INT32_MAX;
  const int32_t remainder = (a & (quarter - 1)) - quarter;
  const int32_t x = remainder * 32 + (1 << 28);
  const int32_t x2 = product(x, x), x3 = product(x2, x), x4 = product(x2, x2);
  const int32_t tail = whittle_rounding_shift(product(whittle_rounding_shift(x4, 2) + x3, 715827883) + x2, 1);
  int32_t result = 1895147668 + product(1895147668, x + tail);
  const int32_t quarters = remainder - a;
  for (int32_t i = 0; i < 7; ++i) {
    if (quarters & (quarter << i)) result = product(result, factors[i]);
  }
  return result;
}

static int32_t saturating_shift(int32_t x, int32_t left) {
  const int32_t limit = (int32_t)(((uint32_t)1 << (31 - left)) - 1u);
  return x > limit ? INT32_MAX : x < -limit ? INT32_MIN : x * (1 << left);
}

/* 1 / (1 + a) in Q0 of a in [0, 1] in Q0, by three Newton steps. */
static int32_t one_over_one_plus(int32_t a) {
  const int32_t half = (int32_t)(((uint32_t)a + (uint32_t)INT32_MAX + 1u) >> 1);
  int32_t x = 1515870810 + product(half, -1010580540);
  for (int32_t i = 0; i < 3; ++i) x += saturating_shift(product(x, (1 << 29) - product(half, x)), 2);
  return saturating_shift(x, 1);
}

/* Q5 of a difference within the radius. */
static int32_t scale_difference(const whittle_softmax_s8_params *p, int32_t below) {
  return product((int32_t)((uint32_t)below << p->shift), p->multiplier);
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

void whittle_softmax_s8(const whittle_softmax_s8_params *params, const int8_t *input, int8_t *output) {
  const uint32_t depth = params->depth;
  for (uint32_t row = params->rows; row > 0; --row, input += depth, output += depth) {
    int32_t largest = INT8_MIN;
    for (uint32_t i = 0; i < depth; ++i) largest = input[i] > largest ? input[i] : largest;
    int32_t sum = 0;
    for (uint32_t i = 0; i < depth; ++i) {
      const int32_t below = input[i] - largest;
      if (below >= -params->radius) {
        const int32_t scaled = scale_difference(params, below);
        sum += whittle_rounding_shift(exp_on_negative(scaled), SUM_BITS);
      }
    }
    const int32_t headroom = leading_zeros((uint32_t)sum);
    const int32_t scale = one_over_one_plus((int32_t)(((uint32_t)sum << headroom) - 0x80000000u));
    const int32_t right = SUM_BITS - headroom + 31 - 8; /* above 31 where every share is below half a step */
    for (uint32_t i = 0; i < depth; ++i) {
      const int32_t below = input[i] - largest;
      int32_t result = INT8_MIN;
      if (below >= -params->radius && right <= 31) {
        const int32_t scaled = scale_difference(params, below);
        const int32_t share = product(scale, exp_on_negative(scaled));
        result = whittle_saturate_s8(whittle_rounding_shift(share, right) + INT8_MIN);
      }
      output[i] = (int8_t)result;
    }
  }
}
