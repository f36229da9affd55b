/*
 * The inner part of convolutions on ARMv6-M: two output channels over rows of tiles, a tile being two pixels.
 */
#ifndef WHITTLE_CONV_PAIR_S8_ARMV6M_H
#define WHITTLE_CONV_PAIR_S8_ARMV6M_H

#include <stdint.h>

#include "whittle_scaler_armv6m.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * weights   words of four int8: taps 2k and 2k + 1 of the first channel, then of the second; run after run. Two taps of
 *           one channel that lie in one word may have 255 together at most, without their signs.
 * stream    room for what the weights are unpacked to:
 *             4 + 5 * runs + 4 * runs * run_pairs + 3 * (groups + 1) words,
 *           where a group is as many words of a run, 8 at most, as keep the sum of |weight| in either channel below 256,
 *           taken greedily
 * x         words with an input of a tile's first pixel plus 65536 times the same input of its second pixel; the taps of
 *           a run are consecutive, and one word more may be read. `advance` bytes lie between the end of one run, rounded
 *           up to an even number of taps, and the next.
 * output    the first pixel's output of the first channel; that of the second pixel is `second` bytes further, or
 *           `last_second` in the last tile of a row, and that of the second channel `second_channel` bytes. 0 where there
 *           is none: first pixels and channels are stored last.
 * bias      bias - input zero point * sum of weights, of both channels
 * scalers   as whittle_scaler_armv6m.h makes them, of the second channel first; all of form `form`
 *
 * `advance`, x_step, x_row, x_last (from the first to the last tile of a row) and the output's steps are in bytes.
 */
typedef struct {
  const uint32_t *weights;
  int32_t *stream;
  uint32_t runs;
  uint32_t run_pairs;
  int32_t advance;
  const int32_t *x;
  uint32_t x_step, x_row, x_last;
  uint32_t rows;
  int8_t *output;
  uint32_t output_step, output_row;
  uint32_t second, last_second, second_channel;
  uint32_t form;
  int32_t bias[2];
  whittle_scaler_armv6m scalers[2];
} whittle_conv_pair_s8_armv6m_task;

void whittle_conv_pair_s8_armv6m(const whittle_conv_pair_s8_armv6m_task *task);

#ifdef __cplusplus
}
#endif

#endif
