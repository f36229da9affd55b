/*
 * What the inner part of fully connected layers on ARMv6-M is told.
 */
#ifndef WHITTLE_DENSE_TASK_ARMV6M_H
#define WHITTLE_DENSE_TASK_ARMV6M_H

#include <stdint.h>

#include "whittle_scaler_armv6m.h"

/*
 * weights    a word for each input: four outputs' weights, each plus 128 as a byte
 * splits     indices of the blocks of eight inputs in which the sum of |weight| of an output exceeds 255, in order, then
 *            65535; of two neighbouring inputs, from an even one on, it is 255 at most
 * x          inputs, in `phases` parts of phase_bytes / 4, a multiple of 8: part p has its k-th at x[4 * k + p]
 * x_sums     for each block 128 * 65537 times the sum of its inputs, less 2^15, modulo 2^32
 * scaler     of the four outputs, or NULL: no output is written then
 * output     the four outputs
 * sums       what to start with, the biases; then the sums
 */
typedef struct {
  const uint32_t *weights;
  const uint16_t *splits;
  const int8_t *x;
  const uint32_t *x_sums;
  uint32_t phases, phase_bytes;
  const whittle_scaler_armv6m *scaler;
  int8_t *output;
  int32_t sums[4];
} whittle_dense_quad_s8_armv6m_task;

#endif
