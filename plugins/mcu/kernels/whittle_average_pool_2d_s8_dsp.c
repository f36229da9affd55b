/*
 * Sums of 256 int8 fit 16 bits. The last four channels begin early where there are fewer left, and come out a second
 * time.
 */
#include "whittle_average_pool_2d_s8_dsp.h"

#include "whittle_bytes_dsp.h"
#include "whittle_window.h"

static inline int8_t mean(int32_t sum, int32_t count) {
  /* Division truncates: half of the count toward the sign rounds halves away from zero. */
  return (int8_t)((sum > 0 ? sum + count / 2 : sum - count / 2) / count);
}

static inline void pool_four(const whittle_average_pool_2d_s8_params *p, const int8_t *line, uint32_t rows,
                             uint32_t columns, int8_t *output) {
  const uint32_t step = p->channels, line_step = (p->input_width - columns) * step;
  const int32_t count = (int32_t)(rows * columns);
  int32_t even = 0, odd = 0;
  for (; rows > 0; --rows, line += line_step) {
    for (uint32_t k = columns; k > 0; --k, line += step) {
      const uint32_t bytes = whittle_load_bytes(line);
      even = whittle_add_even_bytes(even, bytes);
      odd = whittle_add_odd_bytes(odd, bytes);
    }
  }
  output[0] = mean(whittle_pair_low(even), count);
  output[1] = mean(whittle_pair_low(odd), count);
  output[2] = mean(whittle_pair_high(even), count);
  output[3] = mean(whittle_pair_high(odd), count);
}

void whittle_average_pool_2d_s8_dsp(const whittle_average_pool_2d_s8_params *params, const int8_t *input,
                                    int8_t *output) {
  const whittle_average_pool_2d_s8_params *const p = params;
  const uint32_t channels = p->channels;
  for (uint32_t n = p->batches; n > 0; --n) {
    for (uint32_t y = 0; y < p->output_height; ++y) {
      const whittle_window rows = whittle_window_at(y, p->stride_height, p->pad_top, p->kernel_height, p->input_height);
      for (uint32_t x = 0; x < p->output_width; ++x, output += channels) {
        const whittle_window columns =
            whittle_window_at(x, p->stride_width, p->pad_left, p->kernel_width, p->input_width);
        const int8_t *corner = input + (rows.start * p->input_width + columns.start) * channels;
        for (uint32_t c = 0; c < channels; c += 4) {
          const uint32_t at = c + 4 <= channels ? c : channels - 4;
          pool_four(p, corner + at, rows.count, columns.count, output + at);
        }
      }
    }
    input += (uint32_t)p->input_height * p->input_width * channels;
  }
}
