/*
 * Products of int16 activations with rows of int8 weights. Each whole four weights of a row lie in the order 0 2 1 3, in
 * which four bytes come apart as two pairs; what is left lies in order.
 *
 * A product is at most 2^22: so many as below stay in 31 bits, and are added to the sums of 64 bits together.
 */
#ifndef WHITTLE_DOT_S16_S8_H
#define WHITTLE_DOT_S16_S8_H

#include "whittle_pair.h"
#include "whittle_requantize.h"

#define WHITTLE_DOT_COUNT 508u

/* sum + four products. */
static inline int32_t whittle_dot_four(int32_t sum, int32_t first, int32_t second, const int8_t *weights) {
  const uint32_t bytes = whittle_load_bytes(weights);
  sum = whittle_pair_mac(sum, first, whittle_even_bytes(bytes));
  return whittle_pair_mac(sum, second, whittle_odd_bytes(bytes));
}

/* Sums of `count` products, at most WHITTLE_DOT_COUNT, for four rows, `row` weights from one to the next. */
static WHITTLE_NOINLINE void whittle_dot_part(const int16_t *x, const int8_t *w0, uint32_t row, uint32_t count,
                                              int32_t *sums) {
  const int8_t *w1 = w0 + row, *w2 = w1 + row, *w3 = w2 + row;
  int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  for (; count >= 4; count -= 4, x += 4, w0 += 4, w1 += 4, w2 += 4, w3 += 4) {
#if WHITTLE_DSP
    const int32_t first = whittle_load_pair(x), second = whittle_load_pair(x + 2);
    s0 = whittle_dot_four(s0, first, second, w0);
    s1 = whittle_dot_four(s1, first, second, w1);
    s2 = whittle_dot_four(s2, first, second, w2);
    s3 = whittle_dot_four(s3, first, second, w3);
#else
    const int32_t x0 = x[0], x1 = x[1], x2 = x[2], x3 = x[3];
    s0 += x0 * w0[0] + x1 * w0[2] + x2 * w0[1] + x3 * w0[3];
    s1 += x0 * w1[0] + x1 * w1[2] + x2 * w1[1] + x3 * w1[3];
    s2 += x0 * w2[0] + x1 * w2[2] + x2 * w2[1] + x3 * w2[3];
    s3 += x0 * w3[0] + x1 * w3[2] + x2 * w3[1] + x3 * w3[3];
#endif
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

/* sums[r] += x * row r, for four rows of `count` weights. */
static inline void whittle_dot_rows(const int16_t *x, const int8_t *weights, uint32_t count, int64_t *sums) {
  const uint32_t row = count;
  while (count > 0) {
    const uint32_t part = count < WHITTLE_DOT_COUNT ? count : WHITTLE_DOT_COUNT;
    int32_t products[4];
    whittle_dot_part(x, weights, row, part, products);
    for (uint32_t r = 0; r < 4; ++r) sums[r] += products[r];
    x += part;
    weights += part;
    count -= part;
  }
}

/* x * one row of `count` weights. */
static WHITTLE_NOINLINE int64_t whittle_dot_row(const int16_t *x, const int8_t *weights, uint32_t count) {
  int64_t total = 0;
  while (count > 0) {
    uint32_t left = count < WHITTLE_DOT_COUNT ? count : WHITTLE_DOT_COUNT;
    int32_t sum = 0;
    count -= left;
    for (; left >= 4; left -= 4, x += 4, weights += 4) {
#if WHITTLE_DSP
      sum = whittle_dot_four(sum, whittle_load_pair(x), whittle_load_pair(x + 2), weights);
#else
      sum += x[0] * weights[0] + x[1] * weights[2] + x[2] * weights[1] + x[3] * weights[3];
#endif
    }
    for (; left > 0; --left) sum += *x++ * *weights++;
    total += sum;
  }
  return total;
}

#endif
