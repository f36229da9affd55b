/*
 * Vectors of int8 brought to length 1, output scale 1/128 and zero point 0.
 */
#ifndef WHITTLE_L2_NORMALIZE_S8_H
#define WHITTLE_L2_NORMALIZE_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * input   [rows][depth], whose sum of squares is below 2^31 in each row
 * output  [rows][depth], zeros where the input is; it may be the input
 */
void whittle_l2_normalize_s8(uint32_t rows, uint32_t depth, int32_t input_zero_point, const int8_t *input,
                             int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
