#include "whittle_average_pool_2d_s8_mve.h"

#include <arm_mve.h>

#include "whittle_window.h"

/* Sums of 8 channels over a window, `step` bytes from pixel to pixel and `line` bytes from row to row. */
static inline int16x8_t sum_window(const int8_t *corner, uint32_t rows, uint32_t columns, uint32_t step,
                                   uint32_t line, mve_pred16_t inside) {
  int16x8_t sum = vdupq_n_s16(0);
  for (; rows > 0; --rows, corner += line) {
    const int8_t *x = corner;
    for (uint32_t k = columns; k > 0; --k, x += step) sum = vaddq_s16(sum, vldrbq_z_s16(x, inside));
  }
  return sum;
}

/*
 * sum / count, halves away from zero, by multiplication: n = |sum| + count / 2 times r = ceil(2^23 / count). As n is
 * at most 128.5 count, n r / 2^23 exceeds n / count by less than 128.5 count / 2^23: less than 1 / count up to 255.
 */
static inline int32x4_t divide(int32x4_t sum, int32_t count, int32_t reciprocal) {
  const uint32x4_t n = vreinterpretq_u32_s32(vaddq_n_s32(vabsq_s32(sum), count / 2));
  const uint32x4_t high = vreinterpretq_u32_s32(
      vqdmulhq_n_s32(vreinterpretq_s32_u32(vshlq_n_u32(n, 8)), reciprocal));
  const int32x4_t quotient = vreinterpretq_s32_u32(high);
  return vnegq_m_s32(quotient, quotient, vcmpltq_n_s32(sum, 0));
}

void whittle_average_pool_2d_s8_mve(const whittle_average_pool_2d_s8_params *params, const int8_t *input,
                                    int8_t *output) {
  const whittle_average_pool_2d_s8_params *const p = params;
  const uint32_t channels = p->channels, line = (uint32_t)p->input_width * channels;
  for (uint32_t n = p->batches; n > 0; --n, input += p->input_height * line) {
    for (uint32_t y = 0; y < p->output_height; ++y) {
      const whittle_window rows = whittle_window_at(y, p->stride_height, p->pad_top, p->kernel_height, p->input_height);
      for (uint32_t x = 0; x < p->output_width; ++x) {
        const whittle_window columns =
            whittle_window_at(x, p->stride_width, p->pad_left, p->kernel_width, p->input_width);
        const int8_t *corner = input + rows.start * line + columns.start * channels;
        const int32_t count = (int32_t)(rows.count * columns.count);
        const int32_t reciprocal = ((1 << 23) + count - 1) / count;
        for (int32_t left = (int32_t)channels; left > 0; left -= 8, corner += 8, output += 8) {
          const mve_pred16_t inside = vctp16q((uint32_t)left);
          const int16x8_t sum = sum_window(corner, rows.count, columns.count, channels, line, inside);
          int16x8_t mean = vdupq_n_s16(0);
          mean = vmovnbq_s32(mean, divide(vmovlbq_s16(sum), count, reciprocal));
          mean = vmovntq_s32(mean, divide(vmovltq_s16(sum), count, reciprocal));
          vstrbq_p_s16(output, mean, inside);
        }
        output += (int32_t)(channels % 8 > 0 ? channels % 8 : 8) - 8;
      }
    }
  }
}
