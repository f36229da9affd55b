#include "whittle_resize_bilinear_s8.h"

#define ONE 1024

typedef struct {
  int32_t low, high; /* the two neighbours */
  int32_t fraction;  /* of the way from low to high; outside 0 to ONE beyond the image */
} sample;

static sample sample_at(int32_t output, int32_t scale, int32_t offset, int32_t size) {
  const int32_t position = output * scale + offset;
  const int32_t low = position / ONE, high = (position + ONE - 1) / ONE;
  sample s;
  s.low = low > 0 ? low : 0;
  s.high = high < size - 1 ? high : size - 1;
  s.fraction = position - s.low * ONE;
  return s;
}

void whittle_resize_bilinear_s8(const whittle_resize_bilinear_s8_params *params, const int8_t *input,
                                int8_t *output) {
  const whittle_resize_bilinear_s8_params *const p = params;
  const int32_t channels = p->channels, line = p->input_width * channels;
  for (uint32_t n = p->batches; n > 0; --n, input += p->input_height * line) {
    for (int32_t y = 0; y < p->output_height; ++y) {
      const sample v = sample_at(y, p->height_scale, p->height_offset, p->input_height);
      const int8_t *upper = input + v.low * line, *lower = input + v.high * line;
      for (int32_t x = 0; x < p->output_width; ++x) {
        const sample h = sample_at(x, p->width_scale, p->width_offset, p->input_width);
        const int32_t lower_left = v.fraction * (ONE - h.fraction), lower_right = v.fraction * h.fraction;
        const int32_t upper_left = (ONE - v.fraction) * (ONE - h.fraction);
        const int32_t upper_right = (ONE - v.fraction) * h.fraction;
        for (int32_t c = 0; c < channels; ++c) {
          const int32_t left = h.low * channels + c, right = h.high * channels + c;
          const int32_t sum = upper[left] * upper_left + lower[left] * lower_left + upper[right] * upper_right +
                              lower[right] * lower_right;
          *output++ = (int8_t)((sum + (sum > 0 ? ONE * ONE / 2 : -ONE * ONE / 2)) / (ONE * ONE));
        }
      }
    }
  }
}
