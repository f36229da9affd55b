/*
 * A row of a is multiplied with two columns of b at a time.
 */
#include "whittle_batch_matmul_s16.h"

#include "whittle_requantize_wide.h"

typedef whittle_batch_matmul_s16_params matmul;

static void multiply_two(const matmul *p, const int16_t *x, const int16_t *y, const int16_t *z, int64_t *sums) {
  int64_t s0 = 0, s1 = 0;
  for (uint32_t k = p->inner; k > 0; --k) {
    const int32_t value = *x;
    s0 += value * *y;
    s1 += value * *z;
    x += p->a_inner_stride;
    y += p->b_inner_stride;
    z += p->b_inner_stride;
  }
  sums[0] = s0;
  sums[1] = s1;
}

static void multiply(const matmul *p, const int16_t *a, const int16_t *b, int16_t *output) {
  const whittle_output_s16 stage = {1, 0, INT16_MIN, INT16_MAX};
  for (uint32_t row = 0; row < p->rows; ++row, a += p->a_row_stride) {
    const int16_t *column = b;
    for (uint32_t left = p->columns; left > 0;) {
      const uint32_t together = left < 2 ? 1 : 2;
      int64_t sums[2];
      /* A last column without a partner is its own. */
      multiply_two(p, a, column, column + (together - 1) * p->b_column_stride, sums);
      for (uint32_t i = 0; i < together; ++i)
        *output++ = whittle_finish_s16(&stage, sums[i], p->multiplier, p->shift);
      column += together * p->b_column_stride;
      left -= together;
    }
  }
}

void whittle_batch_matmul_s16(const whittle_batch_matmul_s16_params *params, const whittle_broadcast *batch,
                              const int16_t *a, const int16_t *b, int16_t *output) {
  const matmul *const p = params;
  const uint32_t a_size = p->rows * p->inner, b_size = p->inner * p->columns;
  whittle_broadcast_position at = {{0, 0, 0, 0}, 0, 0};
  do {
    const int16_t *x = a + (uint32_t)at.a * a_size, *y = b + (uint32_t)at.b * b_size;
    for (uint32_t i = batch->inner; i > 0; --i, x += batch->a_step * a_size, y += batch->b_step * b_size) {
      multiply(p, x, y, output);
      output += p->rows * p->columns;
    }
  } while (whittle_broadcast_next(batch, &at));
}
