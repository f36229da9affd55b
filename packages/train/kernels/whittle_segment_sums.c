#include "whittle_segment_sums.h"

void whittle_segment_sums(int32_t rows, int32_t columns, int32_t segments, const float *x, const int32_t *places,
                          float *sums) {
  __builtin_memset(sums, 0, sizeof(float) * (uint32_t)(segments * columns));
  for (int32_t row = 0; row < rows; row++, x += columns) {
    const int32_t place = places[row];
    if (place < 0 || place >= segments) continue;
    float *const to = sums + place * columns;
    for (int32_t c = 0; c < columns; c++) to[c] += x[c];
  }
}
