#include "whittle_average_pool_gradient.h"

/* The taps of a window at `start` that are on an axis of so many pixels. */
static whittle_range taps_inside(int32_t start, int32_t taps, int32_t extent) {
  whittle_range range;
  range.first = start < 0 ? -start : 0;
  range.end = start + taps > extent ? extent - start : taps;
  return range;
}

void whittle_average_pool_gradient(const whittle_window *window, const float *dy, float *dx) {
  const whittle_window *const w = window;
  const int32_t channels = w->channels, image = w->height * w->width * channels;
  __builtin_memset(dx, 0, sizeof(float) * (uint32_t)(w->batch * image));
  for (int32_t n = 0; n < w->batch; n++, dx += image)
    for (int32_t oy = 0; oy < w->out_height; oy++) {
      const int32_t y = oy * w->row_stride - w->top;
      const whittle_range rows = taps_inside(y, w->rows, w->height);
      for (int32_t ox = 0; ox < w->out_width; ox++, dy += channels) {
        const int32_t x = ox * w->column_stride - w->left;
        const whittle_range columns = taps_inside(x, w->columns, w->width);
        const float share = 1.0f / (float)((rows.end - rows.first) * (columns.end - columns.first));
        for (int32_t ky = rows.first; ky < rows.end; ky++)
          for (int32_t kx = columns.first; kx < columns.end; kx++) {
            float *const to = dx + ((y + ky) * w->width + x + kx) * channels;
            for (int32_t c = 0; c < channels; c++) to[c] += share * dy[c];
          }
      }
    }
}
