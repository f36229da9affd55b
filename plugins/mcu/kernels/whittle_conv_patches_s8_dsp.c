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

/* A stretch that begins at byte x of a row of `width` bytes, for `count` windows that are `stride` bytes apart. */
static void widen_stretches(const int8_t *row, int32_t width, int32_t x, int32_t run, int32_t stride, uint32_t count,
                            int32_t padding, int32_t *to, uint32_t pitch) {
  for (; count > 0; --count, x += stride, ++to) {
    if (x >= 0 && x + run <= width) {
      whittle_widen_units(row + x, (uint32_t)run, to, pitch);
    } else {
      const extent e = {-x, width - x, run};
      widen_border(row + x, &e, padding, to, pitch);
    }
  }
}

void whittle_conv_patches_s8_dsp(const whittle_conv_2d_s8_dsp_params *params, const int8_t *image, uint32_t first,
                                 uint32_t count, int32_t *strip) {
  const whittle_conv_2d_s8_dsp_params *const p = params;
  const int32_t channels = p->input_channels, width = p->input_width * channels;
  const uint32_t runs = p->stretches / p->kernel_height;
  const int32_t run = (int32_t)(p->kernel_width / runs) * channels;
  const uint32_t step = p->units / p->stretches * p->pitch;
  const uint32_t row = first / p->output_width;
  uint32_t column = first - row * p->output_width;
  int32_t y = (int32_t)(row * p->stride_height) - p->pad_top;
  while (count > 0) {
    const uint32_t left = p->output_width - column;
    const uint32_t part = count < left ? count : left;
    int32_t *to = strip;
    for (uint32_t ky = 0; ky < p->kernel_height; ++ky) {
      const int32_t iy = y + (int32_t)(ky * p->dilation_height);
      const int32_t inside = iy >= 0 && iy < p->input_height;
      int32_t x = ((int32_t)(column * p->stride_width) - p->pad_left) * channels;
      for (uint32_t r = runs; r > 0; --r, to += step, x += p->dilation_width * channels) {
        widen_stretches(inside ? image + iy * width : image, inside ? width : 0, x, run, p->stride_width * channels,
                        part, p->input_zero_point, to, p->pitch);
      }
    }
    strip += part;
    count -= part;
    column = 0;
    y += p->stride_height;
  }
}
