#include "whittle_depthwise_weight_gradient.h"

#include "whittle_vector.h"

/* One tap on one image. */
typedef struct {
  const float *x, *dy;
  int32_t lines, pixels;
  int32_t x_line, dy_line, x_step, dy_step;
} tap_walk;

WHITTLE_INLINE void add_block(const tap_walk *t, int32_t c, float *dw, const int vectors) {
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

static void add_scalar(const tap_walk *t, int32_t from, int32_t to, float *dw) {
  float sum = 0.0f;
  for (int32_t line = 0; line < t->lines; line++) {
    const float *x = t->x + line * t->x_line + from;
    const float *dy = t->dy + line * t->dy_line + to;
    for (int32_t pixel = 0; pixel < t->pixels; pixel++, x += t->x_step, dy += t->dy_step) sum += *x * *dy;
  }
  *dw += sum;
}

void whittle_depthwise_weight_gradient(const whittle_window *window, const float *x, const float *dy, float *dw) {
  const whittle_window *const w = window;
  const int32_t inputs = w->channels, outputs = w->out_channels;
  const int32_t multiplier = outputs / inputs;
  __builtin_memset(dw, 0, sizeof(float) * (uint32_t)(w->rows * w->columns * outputs));
  for (int32_t n = 0; n < w->batch; n++) {
    const float *const image = x + n * w->height * w->width * inputs;
    const float *const gradient = dy + n * w->out_height * w->out_width * outputs;
    for (int32_t ky = 0; ky < w->rows; ky++) {
      const whittle_range y = whittle_outputs_of_tap(w->height, w->out_height, w->row_stride, w->top, ky);
      for (int32_t kx = 0; kx < w->columns; kx++) {
        const whittle_range c = whittle_outputs_of_tap(w->width, w->out_width, w->column_stride, w->left, kx);
        if (y.end <= y.first || c.end <= c.first) continue;
        const int32_t from_y = y.first * w->row_stride + ky - w->top;
        const int32_t from_x = c.first * w->column_stride + kx - w->left;
        tap_walk t;
        t.x = image + (from_y * w->width + from_x) * inputs;
        t.dy = gradient + (y.first * w->out_width + c.first) * outputs;
        t.lines = y.end - y.first;
        t.pixels = c.end - c.first;
        t.x_line = w->row_stride * w->width * inputs;
        t.dy_line = w->out_width * outputs;
        t.x_step = w->column_stride * inputs;
        t.dy_step = outputs;
        float *const to = dw + (ky * w->columns + kx) * outputs;
        int32_t o = 0;
        if (multiplier == 1) {
          for (; o + 16 <= outputs; o += 16) add_block(&t, o, to + o, 4);
          for (; o + 4 <= outputs; o += 4) add_block(&t, o, to + o, 1);
        }
        for (; o < outputs; o++) add_scalar(&t, o / multiplier, o, to + o);
      }
    }
  }
}
