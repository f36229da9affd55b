/*
 * A row of a is widened once, then multiplied with four columns of b at a time. Where b is stored by columns, four
 * elements of a column are one load: the row then lies in the order in which four bytes come apart as two pairs.
 */
#include "whittle_batch_matmul_s8.h"

#include "whittle_pair.h"
#include "whittle_requantize.h"

typedef whittle_batch_matmul_s8_params matmul;

static int by_columns(const matmul *p) { return p->b_inner_stride == 1; }

/* Doubled distances of a row from the zero point. Returns their sum. */
static int32_t widen_row(const matmul *p, const int8_t *from, int16_t *to) {
  const uint32_t shuffled = by_columns(p) && p->a_inner_stride == 1 ? p->inner & ~3u : 0;
  int32_t sum = 0;
  whittle_widen_shuffled(to, from, shuffled, p->a_zero_point);
  for (uint32_t k = shuffled; k < p->inner; ++k)
    to[k] = (int16_t)(2 * (from[k * p->a_inner_stride] - p->a_zero_point));
  if (by_columns(p) && p->a_inner_stride != 1) {
    for (uint32_t k = 0; k + 4 <= p->inner; k += 4) {
      const int16_t second = to[k + 1];
      to[k + 1] = to[k + 2];
      to[k + 2] = second;
    }
  }
  for (uint32_t k = 0; k < p->inner; ++k) sum += to[k];
  return sum;
}

static int32_t multiply_column(const matmul *p, const int16_t *row, const int8_t *column, int32_t sum) {
  uint32_t k = p->inner;
  if (by_columns(p)) {
    for (; k >= 4; k -= 4, row += 4, column += 4) {
      const uint32_t bytes = whittle_load_bytes(column);
      sum = whittle_pair_mac(sum, whittle_load_pair(row), whittle_even_bytes(bytes));
      sum = whittle_pair_mac(sum, whittle_load_pair(row + 2), whittle_odd_bytes(bytes));
    }
  }
  for (; k > 0; --k, column += p->b_inner_stride) sum += *row++ * *column;
  return sum;
}

/* Four neighbouring columns, where b is stored by rows. */
static void multiply_four(const matmul *p, const int16_t *row, const int8_t *columns, int32_t *sums) {
  int32_t s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3];
  for (uint32_t k = p->inner; k > 0; --k, columns += p->b_inner_stride) {
    const int32_t value = *row++;
    s0 += value * columns[0];
    s1 += value * columns[1];
    s2 += value * columns[2];
    s3 += value * columns[3];
  }
  sums[0] = s0;
  sums[1] = s1;
  sums[2] = s2;
  sums[3] = s3;
}

static void multiply_row(const matmul *p, const whittle_scaler *scaler, const int16_t *row, const int8_t *b,
                         int32_t start, int8_t *output) {
  uint32_t column = 0;
  if (!by_columns(p)) {
    for (; column + 4 <= p->columns; column += 4, b += 4) {
      int32_t sums[4] = {start, start, start, start};
      multiply_four(p, row, b, sums);
      for (uint32_t i = 0; i < 4; ++i) *output++ = (int8_t)whittle_scale(scaler, sums[i]);
    }
  }
  for (; column < p->columns; ++column, b += p->b_column_stride)
    *output++ = (int8_t)whittle_scale(scaler, multiply_column(p, row, b, start));
}

void whittle_batch_matmul_s8(const whittle_batch_matmul_s8_params *params, const whittle_broadcast *batch,
                             const int8_t *a, const int8_t *b, int16_t *scratch, int8_t *output) {
  const matmul *const p = params;
  const whittle_scaler scaler = whittle_make_scaler(p->multiplier, p->shift, p->output_zero_point);
  const uint32_t a_size = p->rows * p->inner, b_size = p->inner * p->columns;
  whittle_broadcast_position at = {{0, 0, 0, 0}, 0, 0};
  do {
    const int8_t *x = a + (uint32_t)at.a * a_size, *y = b + (uint32_t)at.b * b_size;
    for (uint32_t i = batch->inner; i > 0; --i, x += batch->a_step * a_size, y += batch->b_step * b_size) {
      for (uint32_t row = 0; row < p->rows; ++row, output += p->columns) {
        const int32_t sum = widen_row(p, x + row * p->a_row_stride, scratch);
        multiply_row(p, &scaler, scratch, y, -p->b_zero_point * sum, output);
      }
    }
  } while (whittle_broadcast_next(batch, &at));
}
