/*
 * Fully connected layer with the Arm DSP extension (Cortex-M4, M7, M33): no scratch, each weight is loaded once.
 */
#ifndef WHITTLE_FULLY_CONNECTED_S8_DSP_H
#define WHITTLE_FULLY_CONNECTED_S8_DSP_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint32_t inputs, outputs, batches; /* 1 or more */
  uint32_t group_step;               /* bytes of multipliers from four outputs to the next: 16, or 0 to share them */
  int32_t rounding;                  /* 2 * output zero point + 1 */
} whittle_fully_connected_s8_dsp_params;

/*
 * input        [batches][inputs], 4-byte aligned; inputs must be a multiple of 4 where there are several batches
 * weights      4-byte aligned, zero point 0. For each four outputs A, B, C, D, for each four inputs 0 to 3 the 16-bit
 *              values
 *                a0 + 256 * b0, a2 + 256 * b2, a1 + 256 * b1, a3 + 256 * b3, then the same of C and D;
 *              of inputs that are left over one by one a + 256 * b, c + 256 * d. All must fit 16 bits.
 *              Then the rows of outputs that are left over, as they are.
 * bias         for each four outputs a, a + 256 * b, c, c + 256 * d modulo 2^32; then one for each output left over.
 *              The input's zero point is in them: bias - zero point * sum of weights
 * multipliers  2 * multiplier - 2^32 of four outputs at a time; left over outputs read as many as they are, and one if
 *              they are shared
 * shifts       likewise: right shift - 1 of each output, 0 to 21
 * output       [batches][outputs], saturated to int8, not overlapping the input
 *
 * Sums with their bias must stay below 2^30, those of B and D from -2^23 to 2^23 - 1. Rounding:
 * whittle_requantize.h.
 */
void whittle_fully_connected_s8_dsp(const whittle_fully_connected_s8_dsp_params *params, const int8_t *input,
                                    const int8_t *weights, const int32_t *bias, const int32_t *multipliers,
                                    const uint8_t *shifts, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
