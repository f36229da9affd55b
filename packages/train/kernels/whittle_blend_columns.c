#include "whittle_blend_columns.h"

#include "whittle_vector.h"

void whittle_blend_columns(int32_t rows, int32_t columns, const float *a, const float *center, const float *scale,
                           const float *b, const float *factor, const float *offset, float *y) {
  for (int32_t row = 0; row < rows; row++, a += columns, y += columns) {
    const float *const other = b ? b + row * columns : 0;
    int32_t c = 0;
    for (; c + 4 <= columns; c += 4) {
      whittle_f32x4 value = (whittle_load4(a + c) - whittle_load4(center + c)) * whittle_load4(scale + c);
      if (other) value += whittle_load4(other + c) * whittle_load4(factor + c);
      whittle_store4(y + c, value + whittle_load4(offset + c));
    }
    for (; c < columns; c++) {
      float value = (a[c] - center[c]) * scale[c];
      if (other) value += other[c] * factor[c];
      y[c] = value + offset[c];
    }
  }
}
