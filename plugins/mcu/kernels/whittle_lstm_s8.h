/*
 * Long short-term memory: int8 activations and weights, int16 cell state.
 */
#ifndef WHITTLE_LSTM_S8_H
#define WHITTLE_LSTM_S8_H

#include <stdint.h>

#include "whittle_lstm.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * input        [inputs] for each batch and step
 * kernel       weights of the inputs [units][4][inputs], the gates in the order of whittle_lstm.h
 * recurrent    weights of the hidden state [units][4][units]
 * bias         [units][4]
 * table        of whittle_interpolated_sigmoid.h
 * hidden, cell states [batches][units]
 * scratch      2 * (inputs rounded up to even + units) bytes, owned by the caller, 4-byte aligned, contents
 *              undefined before and after
 * next_hidden, next_cell: the states for the next inference, each of which may be the state itself
 * output       [units] for each batch and step: the hidden state; not overlapping the input
 *
 * Of each row |bias| + sum of |weight| * |input - zero point|, and the same of the hidden state, must stay below
 * 2^30.
 */
void whittle_lstm_s8(const whittle_lstm_params *params, const int8_t *input, const int8_t *kernel,
                     const int8_t *recurrent, const int32_t *bias, const uint16_t *table,
                     const int8_t *hidden, const int16_t *cell, int16_t *scratch, int8_t *next_hidden,
                     int16_t *next_cell, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
