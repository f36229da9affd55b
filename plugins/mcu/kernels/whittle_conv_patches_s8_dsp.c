#include "whittle_conv_patches_s8_dsp.h"

#include "whittle_bytes_dsp.h"
#include "whittle_conv_strip_dsp.h"
#include "whittle_requantize.h"

/* Bytes x to x + 3 of a row, and outside it those of `padding`. Rows of 4 bytes or more take one load. */
static uint32_t bytes_at(const int8_t *row, int32_t width, int32_t x, uint32_t padding) {
  if (x <= -4 || x >= width) return padding;
  const int32_t beyond = x + 4 - width;
  if (x >= 0 && beyond <= 0) return whittle_load_bytes(row + x);
  if (width >= 4 && x < 0) return whittle_load_bytes(row) << (-8 * x) | padding >> (32 + 8 * x);
  if (width >= 4) return whittle_load_bytes(row + width - 4) >> 8 * beyond | padding << (32 - 8 * beyond);
  uint32_t bytes = padding;
  for (int32_t i = 0; i < 4; ++i) {
    if (x + i >= 0 && x + i < width) bytes = (bytes & ~(0xffu << 8 * i)) | (uint32_t)(uint8_t)row[x + i] << 8 * i;
  }
  return bytes;
}

/* A stretch that leaves the row, as whittle_widen_units. */
static WHITTLE_NOINLINE void widen_border(const int8_t *row, int32_t width, int32_t x, int32_t count, int32_t minus,
                                          int32_t *to, uint32_t pitch) {
  const uint32_t padding = ((0u - (uint32_t)minus) & 0xffu) * 0x01010101u;
  for (; count > 0; count -= 4, x += 4) {
    const uint32_t bytes = bytes_at(row, width, x, padding);
    int32_t even = whittle_add_even_bytes(minus, bytes);
    const int32_t odd = whittle_add_odd_bytes(minus, bytes);
    if (count == 2) even = whittle_make_pair((int16_t)even, (int16_t)odd);
    *to = whittle_doubled(even);
    to += pitch;
    if (count < 3) return;
    *to = whittle_doubled(odd);
    to += pitch;
  }
}

/* A stretch that begins at byte x of a row of `width` bytes, for `count` windows that are `stride` bytes apart. */
static void widen_stretches(const int8_t *row, int32_t width, int32_t x, int32_t run, int32_t stride, uint32_t count,
                            int32_t minus, int32_t *to, uint32_t pitch) {
  for (; count > 0; --count, x += stride, ++to) {
    if (x >= 0 && x + run <= width) {
      whittle_widen_units(row + x, (uint32_t)run, minus, to, pitch);
    } else {
      widen_border(row, width, x, run, minus, to, pitch);
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
  const int32_t minus = whittle_minus_twice(p->input_zero_point);
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
                        part, minus, to, p->pitch);
      }
    }
    strip += part;
    count -= part;
    column = 0;
    y += p->stride_height;
  }
}
