/*
 * Layer with memory (SVDF): int8 activations and feature weights, int16 state and time weights.
 */
#ifndef WHITTLE_SVDF_S8_S16_H
#define WHITTLE_SVDF_S8_S16_H

#include <stdint.h>

#include "whittle_svdf.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * input     [batches][inputs]
 * features  weights [units][rank][inputs]
 * time      weights [units][rank][memory], the oldest step first
 * bias      [units], or NULL
 * state     [batches][units][rank][memory], zero point 0
 * scratch   2 * inputs bytes, owned by the caller, 4-byte aligned, contents undefined before and after
 * next      the state for the next inference, shaped as `state`, and may be the same
 * output    [batches][units], saturated to int8; it may be the input where there is one batch
 *
 * A filter's sum of |weight| * |input - zero point| must stay below 2^30. Products with time weights and the bias
 * are added up in 32 bits, where they wrap.
 */
void whittle_svdf_s8_s16(const whittle_svdf_params *params, const int8_t *input, const int8_t *features,
                         const int16_t *time, const int32_t *bias, const int16_t *state, int16_t *scratch,
                         int16_t *next, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
