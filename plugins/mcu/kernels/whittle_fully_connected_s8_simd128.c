/*
 * The input is widened once. Four rows of weights are walked together; the lanes of an accumulator are partial sums of
 * one output, which are added at the end.
 */
#include "whittle_fully_connected_s8_simd128.h"

#include "whittle_requantize.h"
#include "whittle_simd128.h"
#include "whittle_widen_simd128.h"

#define ROWS 4

static int32_t sum_of(const int16_t *x, uint32_t count) {
  int32_t sum = 0;
  for (; count > 0; --count) sum += *x++;
  return sum;
}

static inline int32_t sum_of_lanes(whittle_v128 v) {
  int32_t lanes[4];
  whittle_v_store(lanes, v);
  return lanes[0] + lanes[1] + lanes[2] + lanes[3];
}

/* sums[r] += products of x with row r. */
static void add_products(const int16_t *x, const int8_t *const rows[ROWS], uint32_t count, int32_t sums[ROWS]) {
  whittle_v128 total[ROWS] = {whittle_v_splat32(0), whittle_v_splat32(0), whittle_v_splat32(0), whittle_v_splat32(0)};
  uint32_t k = 0;
  for (; k + 16 <= count; k += 16) {
    const whittle_v128 x0 = whittle_v_load(x + k), x1 = whittle_v_load(x + k + 8);
    for (uint32_t r = 0; r < ROWS; ++r) {
      const whittle_v128 w = whittle_v_load(rows[r] + k);
      total[r] = whittle_v_add32(total[r], whittle_v_dot(x0, whittle_v_widen_low_s8(w)));
      total[r] = whittle_v_add32(total[r], whittle_v_dot(x1, whittle_v_widen_high_s8(w)));
    }
  }
  for (uint32_t r = 0; r < ROWS; ++r) {
    int32_t sum = sums[r] + sum_of_lanes(total[r]);
    for (uint32_t i = k; i < count; ++i) sum += x[i] * rows[r][i];
    sums[r] = sum;
  }
}

void whittle_fully_connected_s8_simd128(const whittle_fully_connected_s8_params *params, const int8_t *input,
                                        const int8_t *weights, const int32_t *bias, const int32_t *multipliers,
                                        const int8_t *shifts, int16_t *scratch, int8_t *output) {
  const whittle_fully_connected_s8_params *const p = params;
  const uint32_t inputs = p->inputs, outputs = p->outputs;
  for (uint32_t n = p->batches; n > 0; --n, input += inputs, output += outputs) {
    whittle_widen_doubled(scratch, input, inputs, p->input_zero_point);
    const int32_t start = p->weight_zero_point == 0 ? 0 : -p->weight_zero_point * sum_of(scratch, inputs);
    for (uint32_t o = 0; o < outputs; o += ROWS) {
      const uint32_t exist = outputs - o < ROWS ? outputs - o : ROWS;
      const int8_t *rows[ROWS];
      int32_t sums[ROWS];
      /* Rows beyond the last one repeat it. */
      for (uint32_t r = 0; r < ROWS; ++r) {
        const uint32_t row = o + (r < exist ? r : exist - 1);
        rows[r] = weights + row * inputs;
        sums[r] = bias ? start + 2 * bias[row] : start;
      }
      add_products(scratch, rows, inputs, sums);
      for (uint32_t r = 0; r < exist; ++r) {
        const uint32_t at = (o + r) * p->channel_step;
        const whittle_scaler scaler = whittle_make_scaler(multipliers[at], shifts[at], p->output_zero_point);
        output[o + r] = (int8_t)whittle_scale(&scaler, sums[r]);
      }
    }
  }
}
