#include "whittle_max_pool.h"

/* Where a window's pixel at `from` is larger than what is there, it takes its place. */
static void take_larger(const float *x, int32_t from, int32_t channels, float *restrict y,
                        int32_t *restrict positions) {
  for (int32_t c = 0; c < channels; c++) {
    const float value = x[from + c];
    const int is_larger = value > y[c];
    y[c] = is_larger ? value : y[c];
    positions[c] = is_larger ? from + c : positions[c];
  }
}

void whittle_max_pool(const whittle_window *window, const float *x, float *y, int32_t *positions) {
  const whittle_window *const w = window;
  const int32_t channels = w->channels;
  for (int32_t n = 0; n < w->batch; n++, x += w->height * w->width * channels)
    for (int32_t oy = 0; oy < w->out_height; oy++)
      for (int32_t ox = 0; ox < w->out_width; ox++, y += channels, positions += channels) {
        int is_first = 1;
        for (int32_t ky = 0; ky < w->rows; ky++) {
          const int32_t row = oy * w->row_stride + ky - w->top;
          if (row < 0 || row >= w->height) continue;
          for (int32_t kx = 0; kx < w->columns; kx++) {
            const int32_t column = ox * w->column_stride + kx - w->left;
            if (column < 0 || column >= w->width) continue;
            const int32_t from = (row * w->width + column) * channels;
            if (is_first)
              for (int32_t c = 0; c < channels; c++) {
                y[c] = x[from + c];
                positions[c] = from + c;
              }
            else
              take_larger(x, from, channels, y, positions);
            is_first = 0;
          }
        }
      }
}
