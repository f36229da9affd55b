/*
 * Softmax over rows of int16 with zero point 0, output in units of 2^-15.
 */
#ifndef WHITTLE_SOFTMAX_S16_H
#define WHITTLE_SOFTMAX_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint32_t rows, depth;
  int32_t multiplier, shift; /* beta * input scale / (10 / 65535), as in whittle_requantize.h */
} whittle_softmax_s16_params;

/*
 * exponentials  exp on [-10, 0] by 513 entries, between which lines are drawn, in units of 1 / 32767.5
 * reciprocals   1 / (1 + x) on [0, 1], likewise
 * input         [rows][depth], depth below 65536
 * output        [rows][depth]; it may be the input
 */
void whittle_softmax_s16(const whittle_softmax_s16_params *params, const int16_t *exponentials,
                         const int16_t *reciprocals, const int16_t *input, int16_t *output);

#ifdef __cplusplus
}
#endif

#endif
