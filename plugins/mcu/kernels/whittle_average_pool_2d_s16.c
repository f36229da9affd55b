#include "whittle_average_pool_2d_s16.h"

#include "whittle_window.h"

static inline int16_t mean(const whittle_average_pool_2d_s8_params *p, const int16_t *line, uint32_t rows,
                           uint32_t columns) {
  const uint32_t step = p->channels;
  const int32_t count = (int32_t)(rows * columns);
  int32_t sum = 0;
  for (uint32_t r = rows; r > 0; --r, line += p->input_width * step) {
    const int16_t *x = line;
    for (uint32_t k = columns; k > 0; --k, x += step) sum += *x;
  }
  /* Division truncates: half of the count toward the sign rounds halves away from zero. */
  return (int16_t)((sum > 0 ? sum + count / 2 : sum - count / 2) / count);
}

void whittle_average_pool_2d_s16(const whittle_average_pool_2d_s8_params *params, const int16_t *input,
                                 int16_t *output) {
  const whittle_average_pool_2d_s8_params *const p = params;
  const uint32_t channels = p->channels;
  for (uint32_t n = p->batches; n > 0; --n) {
    for (uint32_t y = 0; y < p->output_height; ++y) {
      const whittle_window rows = whittle_window_at(y, p->stride_height, p->pad_top, p->kernel_height, p->input_height);
      for (uint32_t x = 0; x < p->output_width; ++x) {
        const whittle_window columns =
            whittle_window_at(x, p->stride_width, p->pad_left, p->kernel_width, p->input_width);
        const int16_t *corner = input + (rows.start * p->input_width + columns.start) * channels;
        for (uint32_t c = channels; c > 0; --c) *output++ = mean(p, corner++, rows.count, columns.count);
      }
    }
    input += (uint32_t)p->input_height * p->input_width * channels;
  }
}
