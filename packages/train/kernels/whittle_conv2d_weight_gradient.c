#include "whittle_conv2d_weight_gradient.h"

#include "whittle_tap_walk.h"
#include "whittle_vector.h"

/* dw[i][4 v ..] += sum of x[i] * dy[4 v ..] over the pixels of a tap; `inputs` up to 4, `vectors` up to 4 */
WHITTLE_INLINE void add_block(const whittle_tap_walk *t, int32_t ci, int32_t co, int32_t row, float *dw, const int inputs,
                              const int vectors) {
  whittle_f32x4 sums[4][4];
  for (int i = 0; i < inputs; i++)
    for (int v = 0; v < vectors; v++) sums[i][v] = whittle_splat4(0.0f);
  for (int32_t line = 0; line < t->lines; line++) {
    const float *x = t->x + line * t->x_line + ci;
    const float *dy = t->dy + line * t->dy_line + co;
    for (int32_t pixel = 0; pixel < t->pixels; pixel++, x += t->x_step, dy += t->dy_step) {
      whittle_f32x4 d[4];
      for (int v = 0; v < vectors; v++) d[v] = whittle_load4(dy + 4 * v);
      for (int i = 0; i < inputs; i++) {
        const whittle_f32x4 value = whittle_splat4(x[i]);
        for (int v = 0; v < vectors; v++) sums[i][v] += value * d[v];
      }
    }
  }
  for (int i = 0; i < inputs; i++)
    for (int v = 0; v < vectors; v++) {
      float *const to = dw + i * row + 4 * v;
      whittle_store4(to, whittle_load4(to) + sums[i][v]);
    }
}

/* All of the outputs' channels for `inputs` of the inputs'. */
WHITTLE_INLINE void add_inputs(const whittle_tap_walk *t, int32_t ci, int32_t outputs, float *dw, const int inputs) {
  int32_t co = 0;
  for (; co + 16 <= outputs; co += 16) add_block(t, ci, co, outputs, dw + co, inputs, 4);
  for (; co + 8 <= outputs; co += 8) add_block(t, ci, co, outputs, dw + co, inputs, 2);
  for (; co + 4 <= outputs; co += 4) add_block(t, ci, co, outputs, dw + co, inputs, 1);
  for (; co < outputs; co++)
    for (int i = 0; i < inputs; i++) whittle_add_products(t, ci + i, co, dw + i * outputs + co);
}

void whittle_conv2d_weight_gradient(const whittle_window *window, const float *x, const float *dy, float *dw) {
  const whittle_window *const w = window;
  const int32_t inputs = w->channels, outputs = w->out_channels;
  __builtin_memset(dw, 0, sizeof(float) * (uint32_t)(w->rows * w->columns * inputs * outputs));
  for (int32_t n = 0; n < w->batch; n++) {
    for (int32_t ky = 0; ky < w->rows; ky++) {
      for (int32_t kx = 0; kx < w->columns; kx++) {
        const whittle_tap_walk t = whittle_walk_tap(w, x, dy, n, ky, kx);
        if (t.lines == 0) continue;
        float *const to = dw + (ky * w->columns + kx) * inputs * outputs;
        int32_t ci = 0;
        for (; ci + 4 <= inputs; ci += 4) add_inputs(&t, ci, outputs, to + ci * outputs, 4);
        for (; ci < inputs; ci++) add_inputs(&t, ci, outputs, to + ci * outputs, 1);
      }
    }
  }
}
