#include "whittle_conv_patches_s8_dsp.h"

#include "whittle_conv_strip_dsp.h"
#include "whittle_requantize.h"

/* Bytes of a stretch that lie in the image, of `length`. */
typedef struct {
  int32_t begin, end, length;
} extent;

static inline int32_t byte_at(const int8_t *from, const extent *e, int32_t i, int32_t padding) {
  return 2 * (i >= e->begin && i < e->end ? from[i] : padding);
}

/* A stretch that leaves the image, as whittle_widen_units. */
static WHITTLE_NOINLINE void widen_border(const int8_t *from, const extent *e, int32_t padding, int32_t *to,
                                          uint32_t pitch) {
  for (int32_t i = 0; i < e->length;) {
    const int32_t left = e->length - i;
    const int32_t odd = left >= 3 ? 2 : 1;
    *to = whittle_make_pair((int16_t)byte_at(from, e, i, padding), (int16_t)byte_at(from, e, i + odd, padding));
    to += pitch;
    if (left >= 3) {
      *to = whittle_make_pair((int16_t)byte_at(from, e, i + 1, padding), (int16_t)byte_at(from, e, i + 3, padding));
      to += pitch;
    }
    i += 4;
  }
}

void whittle_conv_patches_s8_dsp(const whittle_conv_2d_s8_dsp_params *params, const int8_t *image, uint32_t first,
                                 uint32_t count, int32_t *strip) {
  const whittle_conv_2d_s8_dsp_params *const p = params;
  const int32_t channels = p->input_channels, width = p->input_width * channels;
  const uint32_t pitch = p->pitch;
  const uint32_t runs = p->stretches / p->kernel_height;
  const int32_t run = (int32_t)(p->kernel_width / runs) * channels;
  const uint32_t step = p->units / p->stretches * pitch;
  const uint32_t row = first / p->output_width;
  uint32_t column = first - row * p->output_width;
  int32_t y = (int32_t)(row * p->stride_height) - p->pad_top;
  for (; count > 0; --count, ++strip) {
    const int32_t left = ((int32_t)(column * p->stride_width) - p->pad_left) * channels;
    int32_t *to = strip;
    int32_t iy = y;
    for (uint32_t ky = p->kernel_height; ky > 0; --ky, iy += p->dilation_height) {
      const int8_t *const from = image + iy * width;
      int32_t x = left;
      for (uint32_t r = runs; r > 0; --r, to += step, x += p->dilation_width * channels) {
        if (iy >= 0 && iy < p->input_height && x >= 0 && x + run <= width) {
          whittle_widen_units(from + x, (uint32_t)run, to, pitch);
        } else {
          extent e = {-x, width - x, run};
          if (iy < 0 || iy >= p->input_height) e.end = e.begin;
          widen_border(from + x, &e, p->input_zero_point, to, pitch);
        }
      }
    }
    if (++column == p->output_width) {
      column = 0;
      y += p->stride_height;
    }
  }
}
