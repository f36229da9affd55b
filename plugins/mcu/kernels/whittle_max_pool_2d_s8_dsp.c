/*
 * The last four channels begin early where there are fewer left, and come out a second time.
 */
#include "whittle_max_pool_2d_s8_dsp.h"

#include "whittle_bytes_dsp.h"
#include "whittle_window.h"

static inline uint32_t maximum(const whittle_max_pool_2d_s8_params *p, const int8_t *line, uint32_t rows,
                               uint32_t columns) {
  const uint32_t step = p->channels, line_step = (p->input_width - columns) * step;
  uint32_t largest = 0x80808080u;
  for (; rows > 0; --rows, line += line_step) {
    for (uint32_t k = columns; k > 0; --k, line += step) largest = whittle_max_bytes(largest, whittle_load_bytes(line));
  }
  return largest;
}

void whittle_max_pool_2d_s8_dsp(const whittle_max_pool_2d_s8_params *params, const int8_t *input, int8_t *output) {
  const whittle_max_pool_2d_s8_params *const p = params;
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
          whittle_store_bytes(output + at, maximum(p, corner + at, rows.count, columns.count));
        }
      }
    }
    input += (uint32_t)p->input_height * p->input_width * channels;
  }
}
