/*
 * The hidden state is copied before a step, so that it can be replaced unit by unit: a unit's four gates are all
 * that its next state needs.
 */
#include "whittle_lstm_s16.h"

#include <string.h>

#include "whittle_dot_s16_s8.h"
#include "whittle_requantize_wide.h"

/* Weights of all gates, those of the next unit first. */
typedef struct {
  const int8_t *weights;
  const int32_t *bias, *bias_high;
  uint32_t count;
  const int32_t *multipliers, *shifts;
} gates;

/* The sums of a unit's gates, rescaled. */
static void sum_gates(const gates *g, const int16_t *x, uint32_t unit, int32_t *scaled) {
  int64_t sums[4];
  for (uint32_t gate = 0; gate < 4; ++gate) sums[gate] = whittle_wide_bias(g->bias, g->bias_high, 4 * unit + gate);
  whittle_dot_rows(x, g->weights + 4 * unit * g->count, g->count, sums);
  for (uint32_t gate = 0; gate < 4; ++gate)
    scaled[gate] = whittle_multiply_wide(sums[gate], g->multipliers[gate], g->shifts[gate]);
}

void whittle_lstm_s16(const whittle_lstm_params *params, const int16_t *input, const int8_t *kernel,
                      const int8_t *recurrent, const int32_t *bias, const int32_t *bias_high,
                      const int32_t *recurrent_bias, const int32_t *recurrent_bias_high,
                      const uint16_t *table, const int16_t *hidden, const int16_t *cell, int16_t *scratch,
                      int16_t *next_hidden, int16_t *next_cell, int16_t *output) {
  const whittle_lstm_params *const p = params;
  const gates own = {kernel, bias, bias_high, p->inputs, p->input_multipliers, p->input_shifts};
  const gates state = {recurrent, recurrent_bias,           recurrent_bias_high,
                       p->units,  p->recurrent_multipliers, p->recurrent_shifts};
  memmove(next_hidden, hidden, p->batches * p->units * sizeof *hidden);
  memmove(next_cell, cell, p->batches * p->units * sizeof *cell);
  for (uint32_t batch = 0; batch < p->batches; ++batch, next_hidden += p->units, next_cell += p->units) {
    for (uint32_t step = 0; step < p->steps; ++step) {
      const uint32_t row = batch * p->batch_stride + step * p->step_stride;
      memcpy(scratch, next_hidden, p->units * sizeof *scratch);
      for (uint32_t unit = 0; unit < p->units; ++unit) {
        int32_t inputs[4], hiddens[4], arguments[4];
        sum_gates(&own, input + row * p->inputs, unit, inputs);
        sum_gates(&state, scratch, unit, hiddens);
        for (uint32_t gate = 0; gate < 4; ++gate)
          arguments[gate] = whittle_lstm_argument(inputs[gate], hiddens[gate]);
        const int32_t scaled = whittle_lstm_unit(p, table, arguments, next_cell + unit);
        next_hidden[unit] = (int16_t)whittle_saturate_s16(whittle_wrapping_add(scaled, p->hidden_zero_point));
      }
      memcpy(output + row * p->units, next_hidden, p->units * sizeof *output);
    }
  }
}
