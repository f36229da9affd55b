/*
 * What the inner part of depthwise convolutions on ARMv6-M is told.
 */
#ifndef WHITTLE_DEPTHWISE_TASK_ARMV6M_H
#define WHITTLE_DEPTHWISE_TASK_ARMV6M_H

#include <stdint.h>

#define WHITTLE_DEPTHWISE_TAPS_ARMV6M 49

/*
 * x        the first tile's first window in a plane of int32; padding holds the zero point. `row` bytes lie between the
 *          end of a window's row and the next row; the second pixel's window begins `pair` bytes further than the last
 *          row of the first one's ends.
 * output   the first tile's first output; the second's is output_pair bytes further, 0 where there is none
 * bias     bias - input zero point * sum of weights
 * taps     the weights, row by row, then the scaler of whittle_scaler_armv6m.h
 *
 * The steps between tiles of a line and between lines are in bytes, as is x_span, from a line's first tile to behind its
 * last.
 */
typedef struct {
  const int32_t *x;
  uint32_t x_step, x_span, x_line;
  int32_t row, pair;
  int8_t *output;
  uint32_t output_step, output_pair, output_line;
  uint32_t lines;
  int32_t bias;
  int32_t taps[WHITTLE_DEPTHWISE_TAPS_ARMV6M + 10];
} whittle_depthwise_plane_s8_armv6m_task;

#endif
