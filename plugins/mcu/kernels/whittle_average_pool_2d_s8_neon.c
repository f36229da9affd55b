/* The last 8 channels are computed over again where their number is no multiple. */
#include "whittle_average_pool_2d_s8_neon.h"

#include <arm_neon.h>

#include "whittle_window.h"

#define CHANNELS 8

/* Sums over a window, `step` bytes from pixel to pixel and `line` bytes from row to row. */
static inline int16x8_t sum_window(const int8_t *corner, uint32_t rows, uint32_t columns, uint32_t step, uint32_t line) {
  int16x8_t sum = vdupq_n_s16(0);
  for (; rows > 0; --rows, corner += line) {
    const int8_t *x = corner;
    for (uint32_t k = columns; k > 0; --k, x += step) sum = vaddw_s8(sum, vld1_s8(x));
  }
  return sum;
}

/*
 * |sum| / count, halves up, by multiplication: n = |sum| + count / 2 times r = ceil(2^23 / count). As n is at most 128.5
 * count, n r / 2^23 exceeds n / count by less than 128.5 count / 2^23: less than 1 / count up to 255.
 */
static inline int32x4_t divide(int32x4_t n, int32_t reciprocal) { return vqdmulhq_n_s32(vshlq_n_s32(n, 8), reciprocal); }

static inline int8x8_t mean(int16x8_t sum, int16_t count, int32_t reciprocal) {
  const uint16x8_t n = vreinterpretq_u16_s16(vaddq_s16(vabsq_s16(sum), vdupq_n_s16((int16_t)(count / 2))));
  const int32x4_t low = divide(vreinterpretq_s32_u32(vmovl_u16(vget_low_u16(n))), reciprocal);
  const int32x4_t high = divide(vreinterpretq_s32_u32(vmovl_high_u16(n)), reciprocal);
  const int16x8_t quotient = vmovn_high_s32(vmovn_s32(low), high);
  const int16x8_t sign = vshrq_n_s16(sum, 15);
  return vmovn_s16(vsubq_s16(veorq_s16(quotient, sign), sign));
}

void whittle_average_pool_2d_s8_neon(const whittle_average_pool_2d_s8_params *params, const int8_t *input,
                                     int8_t *output) {
  const whittle_average_pool_2d_s8_params *const p = params;
  const uint32_t channels = p->channels, line = (uint32_t)p->input_width * channels;
  for (uint32_t n = p->batches; n > 0; --n, input += p->input_height * line) {
    for (uint32_t y = 0; y < p->output_height; ++y) {
      const whittle_window rows = whittle_window_at(y, p->stride_height, p->pad_top, p->kernel_height, p->input_height);
      for (uint32_t x = 0; x < p->output_width; ++x, output += channels) {
        const whittle_window columns =
            whittle_window_at(x, p->stride_width, p->pad_left, p->kernel_width, p->input_width);
        const int8_t *const corner = input + rows.start * line + columns.start * channels;
        const int32_t count = (int32_t)(rows.count * columns.count);
        const int32_t reciprocal = ((1 << 23) + count - 1) / count;
        for (uint32_t next = 0; next < channels; next += CHANNELS) {
          const uint32_t c = next + CHANNELS <= channels ? next : channels - CHANNELS;
          const int16x8_t sum = sum_window(corner + c, rows.count, columns.count, channels, line);
          vst1_s8(output + c, mean(sum, (int16_t)count, reciprocal));
        }
      }
    }
  }
}
