#include "whittle_depthwise_weight_gradient.h"

#include "whittle_tap_walk.h"
#include "whittle_vector.h"

WHITTLE_INLINE void add_block(const whittle_tap_walk *t, int32_t c, float *dw, const int vectors) {
  whittle_f32x4 sums[4];
  for (int v = 0; v < vectors; v++) sums[v] = whittle_splat4(0.0f);
  for (int32_t line = 0; line < t->lines; line++) {
    const float *x = t->x + line * t->x_line + c;
    const float *dy = t->dy + line * t->dy_line + c;
    for (int32_t pixel = 0; pixel < t->pixels; pixel++, x += t->x_step, dy += t->dy_step)
      for (int v = 0; v < vectors; v++) sums[v] += whittle_load4(x + 4 * v) * whittle_load4(dy + 4 * v);
  }
  for (int v = 0; v < vectors; v++) whittle_store4(dw + 4 * v, whittle_load4(dw + 4 * v) + sums[v]);
}

void whittle_depthwise_weight_gradient(const whittle_window *window, const float *x, const float *dy, float *dw) {
  const whittle_window *const w = window;
  const int32_t inputs = w->channels, outputs = w->out_channels;
  const int32_t multiplier = outputs / inputs;
  __builtin_memset(dw, 0, sizeof(float) * (uint32_t)(w->rows * w->columns * outputs));
  for (int32_t n = 0; n < w->batch; n++) {
    for (int32_t ky = 0; ky < w->rows; ky++) {
      for (int32_t kx = 0; kx < w->columns; kx++) {
        const whittle_tap_walk t = whittle_walk_tap(w, x, dy, n, ky, kx);
        if (t.lines == 0) continue;
        float *const to = dw + (ky * w->columns + kx) * outputs;
        int32_t o = 0;
        if (multiplier == 1) {
          for (; o + 16 <= outputs; o += 16) add_block(&t, o, to + o, 4);
          for (; o + 4 <= outputs; o += 4) add_block(&t, o, to + o, 1);
        }
        for (; o < outputs; o++) whittle_add_products(&t, o / multiplier, o, to + o);
      }
    }
  }
}
