#include "whittle_conv_rows_s8_dsp.h"

#include "whittle_conv_strip_dsp.h"

static void widen_row(const whittle_conv_2d_s8_dsp_params *p, const int8_t *from, int32_t *row) {
  const uint32_t stride = p->stride_width, phase = p->phase, pitch = p->pitch, channels = p->input_channels;
  const int32_t minus = whittle_minus_twice(p->input_zero_point);
  const uint32_t room = stride * phase - p->pad_left;
  const uint32_t columns = p->input_width < room ? p->input_width : room;
  const int8_t *const end = from + columns * channels;
  int32_t *to = row + p->pad_left % stride * phase + p->pad_left / stride;
  int32_t *last = row + (stride - 1) * phase;
  for (; from != end; from += channels) {
    whittle_widen_units(from, channels, minus, to, pitch);
    if (to >= last) {
      to -= (stride - 1) * phase;
      ++to;
    } else {
      to += phase;
    }
  }
}

void whittle_conv_rows_s8_dsp(const whittle_conv_2d_s8_dsp_params *params, const int8_t *image, uint32_t first,
                              uint32_t count, int32_t *strip) {
  const whittle_conv_2d_s8_dsp_params *const p = params;
  const uint32_t words = p->row_words;
  const uint32_t below = (p->kernel_height - 1u) * p->dilation_height + 1u;
  const uint32_t needed = (count - 1) * p->stride_height + below;
  const uint32_t whole = (p->band - 1u) * p->stride_height + below;
  uint32_t kept = 0;
  if (first == 0) {
    /* Later only what lies inside the image's columns changes. */
    memset(strip, 0, whole * words * sizeof *strip);
  } else {
    const uint32_t advance = (uint32_t)p->band * p->stride_height;
    kept = whole > advance ? whole - advance : 0;
    if (kept > needed) kept = needed;
    whittle_move_words(strip, strip + advance * words, kept * words);
  }
  int32_t y = (int32_t)(first * p->stride_height + kept) - p->pad_top;
  int32_t *to = strip + kept * words;
  for (uint32_t left = needed - kept; left > 0; --left, ++y, to += words) {
    if (y >= 0 && y < p->input_height) {
      widen_row(p, image + (uint32_t)y * p->input_width * p->input_channels, to);
    } else if (first > 0) {
      memset(to, 0, words * sizeof *to);
    }
  }
}
