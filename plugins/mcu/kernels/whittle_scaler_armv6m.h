/*
 * Output stage of a channel for cores whose only product is 32 bits wide: the multiplier in digits, so that products of
 * digits with an accumulator fit in 32 bits. Each partial sum is shifted right before the next digit joins; nested floors
 * give the floor of the whole. Same rounding as whittle_requantize.h.
 */
#ifndef WHITTLE_SCALER_ARMV6M_H
#define WHITTLE_SCALER_ARMV6M_H

#include <stdint.h>

/*
 * Forms: short holds for |accumulator| < 2096000, which takes digits of 11, 11 and 9 bits, long for
 * |accumulator| < 33000000, with five of 5 bits and one of 6. Where the output zero point is -128, the rounding of negative
 * values doesn't show, and the form needn't look at the sign.
 */
#define WHITTLE_SHORT_UNSIGNED_ARMV6M 0
#define WHITTLE_SHORT_SIGNED_ARMV6M 1
#define WHITTLE_LONG_SIGNED_ARMV6M 2

/*
 * Digits, least first; then, if the form is unsigned, nudge and shift, else 2^31, nudge - 1, shift and the half that rounds
 * the product.
 */
typedef struct {
  int32_t word[10];
} whittle_scaler_armv6m;

/* multiplier in [2^30, 2^31), shift -22 to -1. */
static inline void whittle_make_scaler_armv6m(whittle_scaler_armv6m *scaler, uint32_t form, int32_t multiplier,
                                              int32_t shift, int32_t zero_point) {
  const uint32_t bits = form == WHITTLE_LONG_SIGNED_ARMV6M ? 5 : 11;
  const int32_t nudge = (1 << -shift >> 1) + zero_point * (1 << -shift);
  int32_t *to = scaler->word;
  uint32_t rest = (uint32_t)multiplier, left = 31;
  for (; left >= 2 * bits - 2; left -= bits) {
    *to++ = (int32_t)(rest << (32 - bits)) >> (32 - bits);
    rest = (rest + (1u << (bits - 1))) >> bits;
  }
  *to++ = (int32_t)rest;
  if (form == WHITTLE_SHORT_UNSIGNED_ARMV6M) {
    *to++ = nudge;
    *to = -shift;
  } else {
    *to++ = INT32_MIN;
    *to++ = nudge - 1;
    *to++ = -shift;
    *to = 1 << left >> 1;
  }
}

/* The product with the multiplier, rounded, and what is left of the scaler. */
static inline int32_t whittle_scale_short_armv6m(const int32_t **word, int32_t accumulator) {
  const int32_t *const digit = *word;
  const int32_t upper = ((digit[0] * accumulator >> 11) + digit[1] * accumulator) >> 11;
  *word += 3;
  return (upper + digit[2] * accumulator + 256) >> 9;
}

static inline int32_t whittle_scale_long_armv6m(const int32_t **word, int32_t accumulator) {
  const int32_t *digit = *word, *const last = digit + 5;
  int32_t sum = 0;
  while (digit != last) sum = (sum + *digit++ * accumulator) >> 5;
  *word = last + 1;
  return (sum + *last * accumulator + 32) >> 6;
}

/* The output of an accumulator in C, saturated to int8. */
static inline int8_t whittle_apply_scaler_armv6m(const whittle_scaler_armv6m *scaler, uint32_t form,
                                                 int32_t accumulator) {
  const int32_t *word = scaler->word;
  int32_t x;
  if (form == WHITTLE_SHORT_UNSIGNED_ARMV6M) {
    x = (whittle_scale_short_armv6m(&word, accumulator) + word[0]) >> word[1];
  } else {
    x = form == WHITTLE_LONG_SIGNED_ARMV6M ? whittle_scale_long_armv6m(&word, accumulator)
                                           : whittle_scale_short_armv6m(&word, accumulator);
    x = (x + word[1] + (x >= 0 ? 1 : 0)) >> word[2];
  }
  return (int8_t)(x < -128 ? -128 : x > 127 ? 127 : x);
}

#endif
