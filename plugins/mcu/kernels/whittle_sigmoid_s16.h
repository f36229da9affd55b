/*
 * Sigmoid of int16 with zero point 0.
 */
#ifndef WHITTLE_SIGMOID_S16_H
#define WHITTLE_SIGMOID_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * table   of whittle_interpolated_sigmoid.h
 * output  in units of 2^-15; it may be the input
 *
 * input[i] * multiplier / 2^shift, halves up, is the argument in steps of 1 / (3 * 4096); multiplier at most 65535,
 * shift 0 to 31.
 */
void whittle_sigmoid_s16(const uint16_t *table, int32_t multiplier, int32_t shift, uint32_t count, const int16_t *input,
                         int16_t *output);

#ifdef __cplusplus
}
#endif

#endif
