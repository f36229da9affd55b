/*
 * Eight channels of a depthwise convolution of 3 x 3 with SDOT, two output rows at a time: the loop inside
 * whittle_depthwise_3x3_s8_dotprod.h.
 */
#ifndef WHITTLE_DEPTHWISE_PAIRS_S8_DOTPROD_H
#define WHITTLE_DEPTHWISE_PAIRS_S8_DOTPROD_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The assembly knows where these lie. */
typedef struct {
  const int8_t *weights;      /* tap (y, x) of the first channel at (3 * y + x) * channels */
  const int32_t *bias;        /* with -input zero point * sum of weights in it */
  const int32_t *multipliers;
  const int8_t *shifts;       /* -31 to -1 */
  uint64_t channels;          /* bytes from a pixel to the next, of input and output */
  uint64_t line;              /* bytes of a row of the input */
  uint32_t rows, columns;     /* of outputs, 1 or more */
  int32_t output_zero_point;
} whittle_depthwise_pairs_task;

/*
 * input   [rows + 2][columns + 2] pixels, from the first of eight channels on
 * output  [rows][columns] pixels likewise, saturated to int8, not overlapping the input
 */
typedef void whittle_depthwise_pairs(const whittle_depthwise_pairs_task *task, const int8_t *input, int8_t *output);

whittle_depthwise_pairs whittle_depthwise_pairs_s8_dotprod;

#ifdef __cplusplus
}
#endif

#endif
