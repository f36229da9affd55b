/*
 * Products of int8 matrices, either of which may be stored transposed.
 */
#ifndef WHITTLE_BATCH_MATMUL_S8_H
#define WHITTLE_BATCH_MATMUL_S8_H

#include <stdint.h>

#include "whittle_broadcast.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint32_t rows, inner, columns;
  uint32_t a_row_stride, a_inner_stride;    /* elements of a matrix a; one of the two is 1 */
  uint32_t b_column_stride, b_inner_stride; /* elements of a matrix b; one of the two is 1 */
  int32_t multiplier, shift; /* a scale * b scale / output scale, as in whittle_requantize.h */
  int16_t a_zero_point, b_zero_point, output_zero_point;
} whittle_batch_matmul_s8_params;

/*
 * batch        how the matrices of a and b meet: its elements are whole matrices
 * a            matrices of rows x inner
 * b            matrices of inner x columns
 * scratch      2 * inner bytes, owned by the caller, 4-byte aligned, contents undefined before and after
 * output       [matrices][rows][columns], saturated to int8, not overlapping a or b
 *
 * inner must be below 16384: sums of products of distances from the zero points then stay below 2^30.
 */
void whittle_batch_matmul_s8(const whittle_batch_matmul_s8_params *params, const whittle_broadcast *batch,
                             const int8_t *a, const int8_t *b, int16_t *scratch, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
