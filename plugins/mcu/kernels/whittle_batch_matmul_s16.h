/*
 * Products of int16 matrices, either of which may be stored transposed. All zero points are 0.
 */
#ifndef WHITTLE_BATCH_MATMUL_S16_H
#define WHITTLE_BATCH_MATMUL_S16_H

#include <stdint.h>

#include "whittle_broadcast.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint32_t rows, inner, columns;
  uint32_t a_row_stride, a_inner_stride;    /* elements of a matrix a; one of the two is 1 */
  uint32_t b_column_stride, b_inner_stride; /* elements of a matrix b; one of the two is 1 */
  int32_t multiplier, shift; /* a scale * b scale / output scale, as in whittle_requantize_wide.h */
} whittle_batch_matmul_s16_params;

/*
 * batch        how the matrices of a and b meet: its elements are whole matrices
 * a            matrices of rows x inner
 * b            matrices of inner x columns
 * output       [matrices][rows][columns], saturated to int16, not overlapping a or b
 *
 * inner must be below 2^17: sums then stay below 2^47.
 */
void whittle_batch_matmul_s16(const whittle_batch_matmul_s16_params *params, const whittle_broadcast *batch,
                              const int16_t *a, const int16_t *b, int16_t *output);

#ifdef __cplusplus
}
#endif

#endif
