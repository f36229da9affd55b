#ifndef WHITTLE_COLUMN_SUMS_H
#define WHITTLE_COLUMN_SUMS_H

#include <stdint.h>

/*
 * Sums over the rows of a matrix, or of the product of two. Runs of 128 rows are summed plainly, and these sums with compensation
 * (Kahan 1965), so that errors don't grow with the number of rows.
 *   a, center  [rows, columns] and [columns]; b likewise, or null for ones
 *   sums       [columns]: sum of b * (a - center); null for a center of zeros
 * A square of a - center is had with b equal to a: then b is centered too.
 */
void whittle_column_sums(int32_t rows, int32_t columns, const float *a, const float *center, const float *b,
                         float *sums);

#endif
