#include "whittle_max_pool_2d_s8_mve.h"

#include <arm_mve.h>

#include "whittle_window.h"

/* Maxima of 16 channels over a window, `step` bytes from pixel to pixel and `line` bytes from row to row. */
static inline int8x16_t window_maximum(const int8_t *corner, uint32_t rows, uint32_t columns, uint32_t step,
                                       uint32_t line, mve_pred16_t inside) {
  int8x16_t largest = vdupq_n_s8(INT8_MIN);
  for (; rows > 0; --rows, corner += line) {
    const int8_t *x = corner;
    for (uint32_t k = columns; k > 0; --k, x += step) largest = vmaxq_s8(largest, vldrbq_z_s8(x, inside));
  }
  return largest;
}

void whittle_max_pool_2d_s8_mve(const whittle_max_pool_2d_s8_params *params, const int8_t *input, int8_t *output) {
  const whittle_max_pool_2d_s8_params *const p = params;
  const uint32_t channels = p->channels, line = (uint32_t)p->input_width * channels;
  for (uint32_t n = p->batches; n > 0; --n, input += p->input_height * line) {
    for (uint32_t y = 0; y < p->output_height; ++y) {
      const whittle_window rows = whittle_window_at(y, p->stride_height, p->pad_top, p->kernel_height, p->input_height);
      for (uint32_t x = 0; x < p->output_width; ++x, output += channels) {
        const whittle_window columns =
            whittle_window_at(x, p->stride_width, p->pad_left, p->kernel_width, p->input_width);
        const int8_t *corner = input + rows.start * line + columns.start * channels;
        for (uint32_t c = 0; c < channels; c += 16) {
          const mve_pred16_t inside = vctp8q(channels - c);
          const int8x16_t largest = window_maximum(corner + c, rows.count, columns.count, channels, line, inside);
          vstrbq_p_s8(output + c, largest, inside);
        }
      }
    }
  }
}
