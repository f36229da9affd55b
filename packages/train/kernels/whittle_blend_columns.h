#ifndef WHITTLE_BLEND_COLUMNS_H
#define WHITTLE_BLEND_COLUMNS_H

#include <stdint.h>

/*
 * y = (a - center) * scale + b * factor + offset, column by column: a normalization, and its gradient.
 *   a, y                           [rows, columns]; y may be a
 *   b, factor                      [rows, columns] and [columns]; both null where there is nothing to add
 *   center, scale, offset          [columns]
 */
void whittle_blend_columns(int32_t rows, int32_t columns, const float *a, const float *center, const float *scale,
                           const float *b, const float *factor, const float *offset, float *y);

#endif
