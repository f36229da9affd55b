/*
 * Fixed-point scaling of 32-bit accumulators, bit-exact with TensorFlow Lite Micro's reference kernels,
 * which round twice: a rounding doubling high product (halves up), then a rounding right shift (halves away
 * from zero).
 *
 * A real factor m is held as (multiplier, shift): m = multiplier * 2^(shift - 31), with
 * 2^30 <= multiplier < 2^31 or both 0. A positive shift is to the left and comes first.
 *
 * Signed right shifts must be arithmetic, as they are in GCC, Clang and armclang.
 */
#ifndef WHITTLE_REQUANTIZE_H
#define WHITTLE_REQUANTIZE_H

#include <stdint.h>

#if defined(__GNUC__)
#define WHITTLE_NOINLINE __attribute__((noinline, unused))
#else
#define WHITTLE_NOINLINE
#endif

/* (a * b + 2^31) >> 32. */
static inline int32_t whittle_high_product(int32_t a, int32_t b) {
#if defined(__ARM_FEATURE_DSP) && defined(__thumb2__)
  int32_t product;
  __asm__("smmulr %0, %1, %2" : "=r"(product) : "r"(a), "r"(b));
  return product;
#else
  return (int32_t)(((int64_t)a * b + ((int64_t)1 << 31)) >> 32);
#endif
}

/* (2 * a * b) / 2^32, halves up; a = b = -2^31 saturates. */
static inline int32_t whittle_doubling_high_product(int32_t a, int32_t b) {
  if (a == INT32_MIN && b == INT32_MIN) return INT32_MAX;
  return (int32_t)(((int64_t)a * b + ((int64_t)1 << 30)) >> 31);
}

/* x / 2^exponent, halves away from zero; exponent 0 to 31. */
static inline int32_t whittle_rounding_shift(int32_t x, int32_t exponent) {
  const int32_t mask = (int32_t)(((uint32_t)1 << exponent) - 1u);
  const int32_t threshold = (mask >> 1) + (x < 0 ? 1 : 0);
  return (x >> exponent) + ((x & mask) > threshold ? 1 : 0);
}

/* x * m for any multiplier and a shift of -31 to 31; a left shift wraps in 32 bits. */
static inline int32_t whittle_multiply(int32_t x, int32_t multiplier, int32_t shift) {
  const int32_t left = shift > 0 ? shift : 0;
  const int32_t right = shift > 0 ? 0 : -shift;
  const int32_t lifted = (int32_t)((uint32_t)x << left);
  return whittle_rounding_shift(whittle_doubling_high_product(lifted, multiplier), right);
}

static inline int32_t whittle_wrapping_add(int32_t a, int32_t b) {
  return (int32_t)((uint32_t)a + (uint32_t)b);
}

/* -128 to 127. */
static inline int32_t whittle_saturate_s8(int32_t x) {
#if defined(__ARM_FEATURE_DSP) && defined(__thumb2__)
  int32_t saturated;
  __asm__("ssat %0, #8, %1" : "=r"(saturated) : "r"(x) : "cc");
  return saturated;
#else
  return x < -128 ? -128 : x > 127 ? 127 : x;
#endif
}

/* -32768 to 32767. */
static inline int32_t whittle_saturate_s16(int32_t x) {
#if defined(__ARM_FEATURE_DSP) && defined(__thumb2__)
  int32_t saturated;
  __asm__("ssat %0, #16, %1" : "=r"(saturated) : "r"(x) : "cc");
  return saturated;
#else
  return x < INT16_MIN ? INT16_MIN : x > INT16_MAX ? INT16_MAX : x;
#endif
}

/* x * m as `whittle_multiply`, zero point added, saturated to int16. */
static inline int32_t whittle_scale_s16(int32_t x, int32_t multiplier, int32_t shift, int32_t zero_point) {
  return whittle_saturate_s16(whittle_wrapping_add(whittle_multiply(x, multiplier, shift), zero_point));
}

/*
 * The output stage of a channel, made once and applied to many accumulators. Accumulators come doubled: the
 * rounding doubling high product is then one high product, and the doubling itself costs nothing where the
 * operands were doubled when they were widened.
 */
typedef struct {
  int32_t multiplier;
  int32_t shift;      /* as above */
  int32_t right;      /* right shift of the short form; 0 asks for the general form */
  int32_t nudge;      /* rounding half and output zero point, at the scale before the right shift */
  int32_t zero_point;
} whittle_scaler;

static inline whittle_scaler whittle_make_scaler(int32_t multiplier, int32_t shift, int32_t zero_point) {
  whittle_scaler scaler = {multiplier, shift, 0, 0, zero_point};
  /* Beyond 22 bits the nudge of a zero point of -128 would no longer leave room for the product. */
  if (shift <= -1 && shift >= -22) {
    scaler.right = -shift;
    scaler.nudge = (1 << scaler.right >> 1) + zero_point * (1 << scaler.right);
  }
  return scaler;
}

static WHITTLE_NOINLINE int32_t whittle_scale_general(int32_t doubled, int32_t multiplier, int32_t shift,
                                                      int32_t zero_point) {
  const int32_t scaled = whittle_multiply(doubled >> 1, multiplier, shift);
  return whittle_saturate_s8(whittle_wrapping_add(scaled, zero_point));
}

/* The short form of `whittle_scale`, for a scaler whose right shift is not 0. */
static inline int32_t whittle_scale_short(int32_t doubled, int32_t multiplier, int32_t nudge, int32_t right) {
  /* Adding the sign turns rounding halves up into halves away from zero. */
  const int32_t product = whittle_high_product(doubled, multiplier);
  return whittle_saturate_s8((product + (product >> 31) + nudge) >> right);
}

/* Output of a doubled accumulator, |doubled| < 2^31: zero point added, saturated to -128 to 127. */
static inline int32_t whittle_scale(const whittle_scaler *scaler, int32_t doubled) {
  return scaler->right > 0
             ? whittle_scale_short(doubled, scaler->multiplier, scaler->nudge, scaler->right)
             : whittle_scale_general(doubled, scaler->multiplier, scaler->shift, scaler->zero_point);
}

#endif
