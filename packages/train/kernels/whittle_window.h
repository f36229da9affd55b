#ifndef WHITTLE_WINDOW_H
#define WHITTLE_WINDOW_H

#include <stdint.h>

/*
 * Windows that slide over images: x is [batch, height, width, channels], y [batch, out_height, out_width, out_channels], and
 * output (oy, ox) sees the input rows oy * row_stride - top + 0 .. rows - 1 and the columns likewise, where they exist.
 */
typedef struct {
  int32_t batch, height, width, channels;
  int32_t out_height, out_width, out_channels;
  int32_t rows, columns;
  int32_t row_stride, column_stride;
  int32_t top, left;
} whittle_window;

/* Outputs from `first` up to `end` for which a tap of the window lies on the image, along one axis. */
typedef struct {
  int32_t first, end;
} whittle_range;

static inline whittle_range whittle_outputs_of_tap(int32_t extent, int32_t outputs, int32_t stride, int32_t before,
                                                   int32_t tap) {
  const int32_t outside = before - tap, room = extent - 1 + outside;
  whittle_range range;
  range.first = outside > 0 ? (outside + stride - 1) / stride : 0;
  range.end = room < 0 ? 0 : room / stride + 1;
  if (range.end > outputs) range.end = outputs;
  return range;
}

#endif
