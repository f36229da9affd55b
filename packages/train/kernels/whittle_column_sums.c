#include "whittle_column_sums.h"

#include "whittle_vector.h"

enum { RUN = 128 };

/* `vectors` times four columns */
WHITTLE_INLINE void sum_block(int32_t rows, int32_t columns, const float *a, const float *center, const float *b,
                              float *sums, const int vectors) {
  whittle_f32x4 middle[4], totals[4], lost[4];
  for (int v = 0; v < vectors; v++) {
    middle[v] = center ? whittle_load4(center + 4 * v) : whittle_splat4(0.0f);
    totals[v] = lost[v] = whittle_splat4(0.0f);
  }
  for (int32_t from = 0; from < rows; from += RUN) {
    const int32_t end = from + RUN < rows ? from + RUN : rows;
    whittle_f32x4 run[4];
    for (int v = 0; v < vectors; v++) run[v] = whittle_splat4(0.0f);
    for (int32_t row = from; row < end; row++)
      for (int v = 0; v < vectors; v++) {
        const whittle_f32x4 value = whittle_load4(a + row * columns + 4 * v) - middle[v];
        if (b == 0)
          run[v] += value;
        else if (b == a)
          run[v] += value * value;
        else
          run[v] += value * whittle_load4(b + row * columns + 4 * v);
      }
    for (int v = 0; v < vectors; v++) {
      const whittle_f32x4 more = run[v] - lost[v], sum = totals[v] + more;
      lost[v] = (sum - totals[v]) - more;
      totals[v] = sum;
    }
  }
  for (int v = 0; v < vectors; v++) whittle_store4(sums + 4 * v, totals[v]);
}

static void sum_column(int32_t rows, int32_t columns, const float *a, const float *center, const float *b, float *sum) {
  double total = 0.0;
  for (int32_t row = 0; row < rows; row++) {
    const float value = a[row * columns] - (center ? *center : 0.0f);
    const float factor = b == 0 ? 1.0f : b == a ? value : b[row * columns];
    total += (double)(value * factor);
  }
  *sum = (float)total;
}

void whittle_column_sums(int32_t rows, int32_t columns, const float *a, const float *center, const float *b,
                         float *sums) {
  int32_t c = 0;
  for (; c + 16 <= columns; c += 16)
    sum_block(rows, columns, a + c, center ? center + c : 0, b ? b + c : 0, sums + c, 4);
  for (; c + 4 <= columns; c += 4)
    sum_block(rows, columns, a + c, center ? center + c : 0, b ? b + c : 0, sums + c, 1);
  for (; c < columns; c++)
    sum_column(rows, columns, a + c, center ? center + c : 0, b ? b + c : 0, sums + c);
}
