/*
 * Fully connected layer of int8 activations with int8 weights on ARMv6-M: one scale or one per output.
 */
#ifndef WHITTLE_FULLY_CONNECTED_S8_ARMV6M_H
#define WHITTLE_FULLY_CONNECTED_S8_ARMV6M_H

#include <stdint.h>

#include "whittle_dense_task_armv6m.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint32_t batches, inputs, outputs;
  uint32_t phases, phase; /* the inputs, with zeros up to a multiple of 8, as `phases` parts, 1 to 4, of `phase` */
  uint16_t channel_step;  /* 1: a multiplier and shift per output; 0: one for all */
  uint16_t form;          /* of whittle_scaler_armv6m.h; it must hold the accumulators and fit the output zero point */
  int16_t output_zero_point;
} whittle_fully_connected_s8_armv6m_params;

/*
 * input        [batches][inputs]
 * weights      for each whole four outputs [phases * phase] words of whittle_dense_task_armv6m.h, with weights of 0 for
 *              missing inputs
 * bias         [outputs], bias - input zero point * sum of weights
 * multipliers, shifts: as in whittle_requantize.h, multipliers in [2^30, 2^31) and shifts of -22 to -1
 * splits       for each whole four outputs what that header says
 * rest         [outputs modulo 4][inputs], weights of the last outputs, or NULL
 * quad         the instance of whittle_dense_quad_s8_armv6m for the form
 * scratch      phase + phases * phase / 8 words, owned by the caller, contents undefined before and after
 * output       [batches][outputs], saturated to int8; for one batch it may overlap the input
 *
 * |bias| + sum of |weight| * |input - zero point| must stay within the form. Rounding: whittle_requantize.h.
 */
void whittle_fully_connected_s8_armv6m(const whittle_fully_connected_s8_armv6m_params *params, const int8_t *input,
                                       const uint32_t *weights, const int32_t *bias, const int32_t *multipliers,
                                       const int8_t *shifts, const uint16_t *splits, const int8_t *rest,
                                       void (*quad)(whittle_dense_quad_s8_armv6m_task *), uint32_t *scratch,
                                       int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
