/*
 * Square of the difference of two int16 tensors, whose zero points are 0, with broadcasting.
 */
#ifndef WHITTLE_SQUARED_DIFFERENCE_S16_H
#define WHITTLE_SQUARED_DIFFERENCE_S16_H

#include <stdint.h>

#include "whittle_squared_difference_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Both inputs are brought to twice the larger scale; the square of their difference is rescaled.
 * output: consecutive elements, saturated to int16; it may be an input that is not repeated by the broadcast.
 */
void whittle_squared_difference_s16(const whittle_squared_difference_s8_params *params,
                                    const whittle_broadcast *shape, const int16_t *a, const int16_t *b,
                                    int16_t *output);

#ifdef __cplusplus
}
#endif

#endif
