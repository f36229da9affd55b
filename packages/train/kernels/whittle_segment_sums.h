#ifndef WHITTLE_SEGMENT_SUMS_H
#define WHITTLE_SEGMENT_SUMS_H

#include <stdint.h>

/*
 * Sums of the rows of a matrix that go to the same place: sums[place[row]] += x[row]. Rows whose place is negative or not below
 * `segments` are left out.
 *   x       [rows, columns]
 *   places  [rows]
 *   sums    [segments, columns]; overlaps neither of them
 */
void whittle_segment_sums(int32_t rows, int32_t columns, int32_t segments, const float *x, const int32_t *places,
                          float *sums);

#endif
