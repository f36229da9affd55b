/*
 * Exponentials and reciprocals in fixed point, bit-exact with TensorFlow Lite Micro's reference kernels: Qk is an int32 with
 * k integer and 31 - k fractional bits; the doubling high product of Qa and Qb is Q(a + b).
 */
#ifndef WHITTLE_FIXED_POINT_H
#define WHITTLE_FIXED_POINT_H

#include "whittle_requantize.h"

static inline int32_t whittle_product(int32_t a, int32_t b) { return whittle_doubling_high_product(a, b); }

/* x * 2^left, saturated; left 0 to 30. */
static inline int32_t whittle_saturating_shift(int32_t x, int32_t left) {
  const int32_t limit = (int32_t)(((uint32_t)1 << (31 - left)) - 1u);
  return x > limit ? INT32_MAX : x < -limit ? INT32_MIN : x * (1 << left);
}

/* Zeros in front of the highest bit that is set; x is not 0. */
static inline int32_t whittle_leading_zeros(uint32_t x) {
#if defined(__GNUC__)
  return __builtin_clz(x);
#else
  int32_t zeros = 0;
  for (; !(x & 0x80000000u); x <<= 1) ++zeros;
  return zeros;
#endif
}

/* exp(a) in Q0 of a <= 0 in Q5: a Taylor polynomial around -1/8 on the remainder modulo 1/4, then exp(-2^i) bit by bit. */
static WHITTLE_NOINLINE int32_t whittle_exp_on_negative(int32_t a) {
  static const int32_t factors[7] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
  const int32_t quarter = 1 << 24;
  if (a == 0) return INT32_MAX;
  const int32_t remainder = (a & (quarter - 1)) - quarter;
  const int32_t x = remainder * 32 + (1 << 28);
  const int32_t x2 = whittle_product(x, x), x3 = whittle_product(x2, x), x4 = whittle_product(x2, x2);
  const int32_t high = whittle_product(whittle_rounding_shift(x4, 2) + x3, 715827883) + x2;
  const int32_t tail = whittle_rounding_shift(high, 1);
  int32_t result = 1895147668 + whittle_product(1895147668, x + tail);
  const int32_t quarters = remainder - a;
  for (int32_t i = 0; i < 7; ++i) {
    if (quarters & (quarter << i)) result = whittle_product(result, factors[i]);
  }
  return result;
}

/* 1 / (1 + a) in Q0 of a in [0, 1] in Q0, by three Newton steps. */
static inline int32_t whittle_one_over_one_plus(int32_t a) {
  const int32_t half = (int32_t)(((uint32_t)a + (uint32_t)INT32_MAX + 1u) >> 1);
  int32_t x = 1515870810 + whittle_product(half, -1010580540);
  for (int32_t i = 0; i < 3; ++i) {
    x += whittle_saturating_shift(whittle_product(x, (1 << 29) - whittle_product(half, x)), 2);
  }
  return whittle_saturating_shift(x, 1);
}

/* 1 / x in Q0 of a number x in [1, 2) that is stored as x * 2^31, of which the highest bit is set. */
static inline int32_t whittle_reciprocal(uint32_t x) {
  return whittle_one_over_one_plus((int32_t)(x - 0x80000000u));
}

#endif
