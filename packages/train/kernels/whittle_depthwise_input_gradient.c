#include "whittle_depthwise_input_gradient.h"

#include "whittle_vector.h"

/* dx += dy * weight for one tap at one pixel */
static void add_tap(const float *dy, const float *weight, float *dx, int32_t channels, int32_t multiplier) {
  int32_t c = 0;
  if (multiplier == 1)
    for (; c + 4 <= channels; c += 4)
      whittle_store4(dx + c, whittle_load4(dx + c) + whittle_load4(dy + c) * whittle_load4(weight + c));
  for (; c < channels; c++) {
    float sum = 0.0f;
    for (int32_t m = 0; m < multiplier; m++) sum += dy[c * multiplier + m] * weight[c * multiplier + m];
    dx[c] += sum;
  }
}

void whittle_depthwise_input_gradient(const whittle_window *window, const float *dy, const float *weight, float *dx) {
  const whittle_window *const w = window;
  const int32_t multiplier = w->out_channels / w->channels;
  __builtin_memset(dx, 0, sizeof(float) * (uint32_t)(w->batch * w->height * w->width * w->channels));
  for (int32_t n = 0; n < w->batch; n++)
    for (int32_t oy = 0; oy < w->out_height; oy++)
      for (int32_t ky = 0; ky < w->rows; ky++) {
        const int32_t y = oy * w->row_stride + ky - w->top;
        if (y < 0 || y >= w->height) continue;
        const float *const from = dy + (n * w->out_height + oy) * w->out_width * w->out_channels;
        float *const line = dx + (n * w->height + y) * w->width * w->channels;
        for (int32_t kx = 0; kx < w->columns; kx++) {
          const float *const tap = weight + (ky * w->columns + kx) * w->out_channels;
          const whittle_range c = whittle_outputs_of_tap(w->width, w->out_width, w->column_stride, w->left, kx);
          for (int32_t ox = c.first; ox < c.end; ox++) {
            const int32_t x = ox * w->column_stride + kx - w->left;
            add_tap(from + ox * w->out_channels, tap, line + x * w->channels, w->channels, multiplier);
          }
        }
      }
}
