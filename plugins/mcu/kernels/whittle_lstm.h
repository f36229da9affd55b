/*
 * What layers of long short-term memory (LSTM) with activations of int8 and int16 share: all but the gates' sums.
 */
#ifndef WHITTLE_LSTM_H
#define WHITTLE_LSTM_H

#include <stdint.h>

#include "whittle_interpolated_sigmoid.h"
#include "whittle_requantize.h"

/* Gates in the order input, forget, cell, output. Factors as in whittle_requantize.h. */
typedef struct {
  uint32_t batches, steps, inputs, units;
  uint32_t batch_stride, step_stride; /* rows of input and output from one batch, or step, to the next */
  int32_t input_multipliers[4], input_shifts[4];         /* input scale * weight scale / 2^-12 */
  int32_t recurrent_multipliers[4], recurrent_shifts[4]; /* hidden scale * recurrent weight scale / 2^-12 */
  int32_t cell_multiplier, cell_shift;                   /* 2^-30 / cell scale */
  int32_t hidden_multiplier, hidden_shift;               /* 2^-30 / hidden scale */
  int32_t tanh_multiplier, tanh_shift; /* cell * multiplier / 2^shift, halves up, is what tanh takes */
  int32_t cell_clip;                   /* 32768 for none */
  int16_t input_zero_point, hidden_zero_point;
} whittle_lstm_params;

/* Both sums of a gate, rescaled, together: what its activation function takes. */
static inline int32_t whittle_lstm_argument(int32_t input, int32_t recurrent) {
  return 3 * whittle_saturate_s16(whittle_saturate_s16(input) + whittle_saturate_s16(recurrent));
}

/* Brings a unit's cell state forward. Returns its hidden state at the hidden scale, less the zero point. */
static inline int32_t whittle_lstm_unit(const whittle_lstm_params *p, const uint16_t *table,
                                        const int32_t *arguments, int16_t *cell) {
  const int32_t in = whittle_interpolated_sigmoid(table, arguments[0]);
  const int32_t forget = whittle_interpolated_sigmoid(table, arguments[1]);
  const int32_t candidate = whittle_interpolated_tanh(table, arguments[2]);
  const int32_t out = whittle_interpolated_sigmoid(table, arguments[3]);
  /* The forget gate gives units of 2^-15, whatever the cell's scale. */
  const int32_t kept = whittle_multiply(forget * *cell, 1 << 30, -14);
  const int32_t added = whittle_multiply(in * candidate, p->cell_multiplier, p->cell_shift);
  int32_t next = whittle_saturate_s16(whittle_saturate_s16(kept) + whittle_saturate_s16(added));
  if (next > p->cell_clip) next = p->cell_clip;
  if (next < -p->cell_clip) next = -p->cell_clip;
  *cell = (int16_t)next;
  const int32_t half = p->tanh_shift > 0 ? 1 << (p->tanh_shift - 1) : 0;
  const int32_t argument = (next * p->tanh_multiplier + half) >> p->tanh_shift;
  return whittle_multiply(whittle_interpolated_tanh(table, argument) * out, p->hidden_multiplier,
                          p->hidden_shift);
}

#endif
