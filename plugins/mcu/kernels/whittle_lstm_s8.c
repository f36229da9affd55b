/*
 * The hidden state is widened as a whole before a step, so that it can be replaced unit by unit: a unit's four
 * gates are all that its next state needs.
 */
#include "whittle_lstm_s8.h"

#include <string.h>

#include "whittle_dot_s8.h"

static void run_step(const whittle_lstm_params *p, const int16_t *x, const int16_t *h, const int8_t *kernel,
                     const int8_t *recurrent, const int32_t *bias, const uint16_t *table, int8_t *hidden,
                     int16_t *cell) {
  for (uint32_t unit = 0; unit < p->units; ++unit) {
    int32_t inputs[4], hiddens[4], arguments[4];
    whittle_dot_s8_rows(x, kernel, p->inputs, inputs);
    whittle_dot_s8_rows(h, recurrent, p->units, hiddens);
    for (uint32_t gate = 0; gate < 4; ++gate) {
      const int32_t sum = (inputs[gate] >> 1) + *bias++;
      arguments[gate] = whittle_lstm_argument(
          whittle_multiply(sum, p->input_multipliers[gate], p->input_shifts[gate]),
          whittle_multiply(hiddens[gate] >> 1, p->recurrent_multipliers[gate], p->recurrent_shifts[gate]));
    }
    const int32_t scaled = whittle_lstm_unit(p, table, arguments, cell + unit);
    hidden[unit] = (int8_t)whittle_saturate_s8(whittle_wrapping_add(scaled, p->hidden_zero_point));
    kernel += 4 * p->inputs;
    recurrent += 4 * p->units;
  }
}

void whittle_lstm_s8(const whittle_lstm_params *params, const int8_t *input, const int8_t *kernel,
                     const int8_t *recurrent, const int32_t *bias, const uint16_t *table,
                     const int8_t *hidden, const int16_t *cell, int16_t *scratch, int8_t *next_hidden,
                     int16_t *next_cell, int8_t *output) {
  const whittle_lstm_params *const p = params;
  int16_t *const h = scratch + ((p->inputs + 1u) & ~1u);
  memmove(next_hidden, hidden, p->batches * p->units);
  memmove(next_cell, cell, p->batches * p->units * sizeof *cell);
  for (uint32_t batch = 0; batch < p->batches; ++batch, next_hidden += p->units, next_cell += p->units) {
    for (uint32_t step = 0; step < p->steps; ++step) {
      const uint32_t row = batch * p->batch_stride + step * p->step_stride;
      whittle_widen_for_dot_s8(scratch, input + row * p->inputs, p->inputs, p->input_zero_point);
      whittle_widen_for_dot_s8(h, next_hidden, p->units, p->hidden_zero_point);
      run_step(p, scratch, h, kernel, recurrent, bias, table, next_hidden, next_cell);
      memcpy(output + row * p->units, next_hidden, p->units);
    }
  }
}
