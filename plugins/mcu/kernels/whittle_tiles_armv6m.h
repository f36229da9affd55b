/*
 * What the convolutions on ARMv6-M share around whittle_conv_pair_s8_armv6m: words of two pixels, and the walk over pairs
 * of output channels.
 */
#ifndef WHITTLE_TILES_ARMV6M_H
#define WHITTLE_TILES_ARMV6M_H

#include <stdint.h>

#include "whittle_conv_pair_s8_armv6m.h"
#include "whittle_requantize.h"

static inline int32_t whittle_join_pixels(int32_t first, int32_t second) {
  return (int32_t)((uint32_t)first + ((uint32_t)second << 16));
}

/* Words of `count` elements of two stretches; either may be NULL, and counts as the zero point then. */
static WHITTLE_NOINLINE int32_t *whittle_join_stretches(int32_t *to, const int8_t *first, const int8_t *second,
                                                        uint32_t count, int32_t zero_point) {
  int32_t *const end = to + count;
  if (first && second) {
    for (; end - to >= 4; to += 4, first += 4, second += 4) {
      const int32_t w0 = whittle_join_pixels(first[0], second[0]), w1 = whittle_join_pixels(first[1], second[1]);
      const int32_t w2 = whittle_join_pixels(first[2], second[2]), w3 = whittle_join_pixels(first[3], second[3]);
      to[0] = w0;
      to[1] = w1;
      to[2] = w2;
      to[3] = w3;
    }
    while (to != end) *to++ = whittle_join_pixels(*first++, *second++);
  } else if (first) {
    while (to != end) *to++ = whittle_join_pixels(*first++, zero_point);
  } else if (second) {
    while (to != end) *to++ = whittle_join_pixels(zero_point, *second++);
  } else {
    const int32_t padding = whittle_join_pixels(zero_point, zero_point);
    while (to != end) *to++ = padding;
  }
  return to;
}

/* Constants of output channels. */
typedef struct {
  const int32_t *bias, *multipliers;
  const int8_t *shifts;
  uint32_t step;
  int32_t zero_point;
} whittle_channels_armv6m;

/* Words of a channel whose tap pairs lie one behind the other, joined by a second channel of zeros. */
static inline void whittle_pad_channel_armv6m(uint32_t *to, const uint32_t *from, uint32_t count) {
  const uint16_t *taps = (const uint16_t *)(const void *)from;
  for (uint32_t *const end = to + count; to != end;) *to++ = *taps++;
}

/*
 * Runs `pair` over the pairs of channels first to end; task has the first's weights and output. Of a last single channel
 * the words are padded in `spare`.
 */
static WHITTLE_NOINLINE void whittle_run_pairs_armv6m(whittle_conv_pair_s8_armv6m_task *task,
                                                      const whittle_channels_armv6m *channels, uint32_t first,
                                                      uint32_t end, uint32_t *spare,
                                                      void (*pair)(const whittle_conv_pair_s8_armv6m_task *)) {
  const uint32_t words = task->runs * task->run_pairs;
  for (; first < end; first += 2) {
    const uint32_t second = end - first > 1 ? first + 1 : first;
    const uint32_t at = first * channels->step, next = second * channels->step;
    const uint32_t *following = task->weights + words;
    if (second == first) {
      following = task->weights + (words + 1) / 2;
      whittle_pad_channel_armv6m(spare, task->weights, words);
      task->weights = spare;
    }
    task->second_channel = second - first;
    task->bias[0] = channels->bias[first];
    task->bias[1] = channels->bias[second];
    whittle_make_scaler_armv6m(&task->scalers[1], task->form, channels->multipliers[at], channels->shifts[at],
                               channels->zero_point);
    whittle_make_scaler_armv6m(&task->scalers[0], task->form, channels->multipliers[next], channels->shifts[next],
                               channels->zero_point);
    pair(task);
    task->weights = following;
    task->output += 2;
  }
}

#endif
