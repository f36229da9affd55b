/*
 * The window of a pixel is gathered once, group by group, and multiplied with the weights of four output channels at a
 * time. A window that is one stretch of the image is read where it lies.
 */
#include "whittle_conv_2d_s16.h"

#include "whittle_linear_s16.h"

typedef whittle_conv_2d_s16_params conv;

static void copy(int16_t *to, const int16_t *from, uint32_t count) {
  if (count > 0) memcpy(to, from, count * sizeof *to);
}

static void zero(int16_t *to, uint32_t count) {
  if (count > 0) memset(to, 0, count * sizeof *to);
}

/* Neighbouring columns of an image row, all channels, from column `left`; `row` is NULL outside the image. */
static void gather_columns(const conv *p, const int16_t *row, int32_t left, int16_t *to) {
  const int32_t width = p->input_width, columns = p->kernel_width;
  const uint32_t channels = p->input_channels;
  const int32_t before = left < 0 ? (-left < columns ? -left : columns) : 0;
  const int32_t room = width - left < columns ? width - left : columns;
  const int32_t inside = row && room > before ? room - before : 0;
  zero(to, (uint32_t)before * channels);
  to += (uint32_t)before * channels;
  if (inside > 0) copy(to, row + (uint32_t)(left + before) * channels, (uint32_t)inside * channels);
  zero(to + (uint32_t)inside * channels, (uint32_t)(columns - before - inside) * channels);
}

/* Columns that lie apart, or whose channels belong to several groups; `taps` elements lie between the groups' windows. */
static void gather_pixels(const conv *p, const int16_t *row, int32_t left, uint32_t taps, int16_t *to) {
  const uint32_t depth = (uint32_t)p->input_channels / p->groups;
  for (uint32_t kx = 0; kx < p->kernel_width; ++kx, left += p->dilation_width, to += depth) {
    const int inside = row && left >= 0 && left < p->input_width;
    const int16_t *from = inside ? row + (uint32_t)left * p->input_channels : row;
    for (uint32_t g = 0; g < p->groups; ++g) {
      if (inside) {
        copy(to + g * taps, from + g * depth, depth);
      } else {
        zero(to + g * taps, depth);
      }
    }
  }
}

/* The window whose corner is at (top, left), perhaps outside: [groups][kernel_height][kernel_width][depth]. */
static const int16_t *window_at(const conv *p, const int16_t *image, int32_t top, int32_t left, uint32_t taps,
                                int16_t *scratch) {
  const uint32_t line = (uint32_t)p->input_width * p->input_channels;
  const uint32_t depth = (uint32_t)p->input_channels / p->groups;
  const int whole = p->groups == 1 && p->dilation_width == 1;
  if (whole && p->kernel_height == 1 && top >= 0 && top < p->input_height && left >= 0 &&
      left + p->kernel_width <= p->input_width)
    return image + (uint32_t)top * line + (uint32_t)left * p->input_channels;
  int16_t *to = scratch;
  for (uint32_t ky = p->kernel_height; ky > 0; --ky, top += p->dilation_height, to += p->kernel_width * depth) {
    const int16_t *row = top >= 0 && top < p->input_height ? image + (uint32_t)top * line : NULL;
    if (whole) {
      gather_columns(p, row, left, to);
    } else {
      gather_pixels(p, row, left, taps, to);
    }
  }
  return scratch;
}

void whittle_conv_2d_s16(const whittle_conv_2d_s16_params *params, const int16_t *input, const int8_t *weights,
                         const int32_t *bias, const int32_t *bias_high, const int32_t *multipliers,
                         const int8_t *shifts, int16_t *scratch, int16_t *output) {
  const conv *const p = params;
  const uint32_t outputs = (uint32_t)p->output_channels / p->groups;
  const uint32_t taps = (uint32_t)p->kernel_height * p->kernel_width * p->input_channels / p->groups;
  const whittle_linear_s16 layer = {
    weights, taps,
    {bias, bias_high, multipliers, shifts, p->channel_step, {p->wide, 0, p->output_min, p->output_max}},
  };
  for (uint32_t n = p->batches; n > 0; --n) {
    for (uint32_t y = 0; y < p->output_height; ++y) {
      const int32_t top = (int32_t)(y * p->stride_height) - p->pad_top;
      for (uint32_t x = 0; x < p->output_width; ++x) {
        const int32_t left = (int32_t)(x * p->stride_width) - p->pad_left;
        const int16_t *window = window_at(p, input, top, left, taps, scratch);
        for (uint32_t g = 0; g < p->groups; ++g, output += outputs) {
          whittle_linear_outputs(&layer, window + g * taps, g * outputs, (g + 1) * outputs, 0, output);
        }
      }
    }
    input += (uint32_t)p->input_height * p->input_width * p->input_channels;
  }
}
