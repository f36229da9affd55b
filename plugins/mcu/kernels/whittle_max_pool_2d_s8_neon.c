/*
 * Sixteen channels at a time, the last sixteen over again where their number is no multiple.
 */
#include "whittle_max_pool_2d_s8_neon.h"

#include <arm_neon.h>

#include "whittle_window.h"

#define CHANNELS 16

void whittle_max_pool_2d_s8_neon(const whittle_max_pool_2d_s8_params *params, const int8_t *input, int8_t *output) {
  const whittle_max_pool_2d_s8_params *const p = params;
  const uint32_t channels = p->channels, line = (uint32_t)p->input_width * channels;
  for (uint32_t n = p->batches; n > 0; --n, input += p->input_height * line) {
    for (uint32_t y = 0; y < p->output_height; ++y) {
      const whittle_window rows = whittle_window_at(y, p->stride_height, p->pad_top, p->kernel_height, p->input_height);
      for (uint32_t x = 0; x < p->output_width; ++x, output += channels) {
        const whittle_window columns =
            whittle_window_at(x, p->stride_width, p->pad_left, p->kernel_width, p->input_width);
        const int8_t *const corner = input + rows.start * line + columns.start * channels;
        const uint32_t gap = line - columns.count * channels;
        for (uint32_t next = 0; next < channels; next += CHANNELS) {
          const uint32_t c = next + CHANNELS <= channels ? next : channels - CHANNELS;
          const int8_t *at = corner + c;
          int8x16_t largest = vdupq_n_s8(INT8_MIN);
          for (uint32_t r = rows.count; r > 0; --r, at += gap) {
            for (uint32_t k = columns.count; k > 0; --k, at += channels) largest = vmaxq_s8(largest, vld1q_s8(at));
          }
          vst1q_s8(output + c, largest);
        }
      }
    }
  }
}
