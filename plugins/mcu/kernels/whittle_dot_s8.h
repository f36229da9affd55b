/*
 * Sums of products of int8 weights with int16 values, which lie in the order of `whittle_widen_shuffled` but for
 * the last `count` modulo 4.
 */
#ifndef WHITTLE_DOT_S8_H
#define WHITTLE_DOT_S8_H

#include <stdint.h>

#include "whittle_pair.h"

/* The doubled distances of `count` elements from a zero point, as the sums below read them. */
static inline void whittle_widen_for_dot_s8(int16_t *to, const int8_t *from, uint32_t count, int32_t zero_point) {
  const uint32_t fours = count & ~3u;
  whittle_widen_shuffled(to, from, fours, zero_point);
  whittle_widen(to + fours, from + fours, count - fours, -2 * zero_point);
}

/* Four products more: x comes as its even and its odd elements. */
static inline int32_t whittle_dot_s8_four(int32_t sum, int32_t even, int32_t odd, const int8_t *weights) {
  const uint32_t bytes = whittle_load_bytes(weights);
  sum = whittle_pair_mac(sum, even, whittle_even_bytes(bytes));
  return whittle_pair_mac(sum, odd, whittle_odd_bytes(bytes));
}

/* sum of x[i] * weights[i], which must stay below 2^31. */
static inline int32_t whittle_dot_s8_row(const int16_t *x, const int8_t *weights, uint32_t count) {
  int32_t sum = 0;
  for (; count >= 4; count -= 4, x += 4, weights += 4) {
    sum = whittle_dot_s8_four(sum, whittle_load_pair(x), whittle_load_pair(x + 2), weights);
  }
  for (; count > 0; --count) sum += *x++ * *weights++;
  return sum;
}

/* The same for four rows of weights that follow one another; loads of x are shared. */
static inline void whittle_dot_s8_rows(const int16_t *x, const int8_t *weights, uint32_t count, int32_t *sums) {
  const int8_t *w0 = weights, *w1 = w0 + count, *w2 = w1 + count, *w3 = w2 + count;
  int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  for (; count >= 4; count -= 4, x += 4, w0 += 4, w1 += 4, w2 += 4, w3 += 4) {
    const int32_t even = whittle_load_pair(x), odd = whittle_load_pair(x + 2);
    s0 = whittle_dot_s8_four(s0, even, odd, w0);
    s1 = whittle_dot_s8_four(s1, even, odd, w1);
    s2 = whittle_dot_s8_four(s2, even, odd, w2);
    s3 = whittle_dot_s8_four(s3, even, odd, w3);
  }
  for (; count > 0; --count) {
    const int32_t value = *x++;
    s0 += value * *w0++;
    s1 += value * *w1++;
    s2 += value * *w2++;
    s3 += value * *w3++;
  }
  sums[0] = s0;
  sums[1] = s1;
  sums[2] = s2;
  sums[3] = s3;
}

#endif
