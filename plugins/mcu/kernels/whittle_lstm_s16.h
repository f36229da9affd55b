/*
 * Long short-term memory: int16 activations, int8 weights, int16 cell state.
 */
#ifndef WHITTLE_LSTM_S16_H
#define WHITTLE_LSTM_S16_H

#include <stdint.h>

#include "whittle_lstm.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * input        [inputs] for each batch and step
 * kernel       weights of the inputs [units][4][inputs], the gates in the order of whittle_lstm.h
 * recurrent    weights of the hidden state [units][4][units]; rows of both as in whittle_dot_s16_s8.h
 * bias         [units][4], less input zero point * sum of weights
 * recurrent_bias [units][4], minus hidden zero point * sum of recurrent weights; NULL for 0. Both in halves, as
 *              `whittle_wide_bias` of whittle_requantize_wide.h takes them.
 * table        of whittle_interpolated_sigmoid.h
 * hidden, cell states [batches][units]
 * scratch      2 * units bytes, owned by the caller, 4-byte aligned, contents undefined before and after
 * next_hidden, next_cell: the states for the next inference, each of which may be the state itself
 * output       [units] for each batch and step: the hidden state; not overlapping the input
 *
 * The gates' multipliers are as in whittle_requantize_wide.h, their sums within its bounds.
 */
void whittle_lstm_s16(const whittle_lstm_params *params, const int16_t *input, const int8_t *kernel,
                      const int8_t *recurrent, const int32_t *bias, const int32_t *bias_high,
                      const int32_t *recurrent_bias, const int32_t *recurrent_bias_high,
                      const uint16_t *table, const int16_t *hidden, const int16_t *cell, int16_t *scratch,
                      int16_t *next_hidden, int16_t *next_cell, int16_t *output);

#ifdef __cplusplus
}
#endif

#endif
