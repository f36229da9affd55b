#ifndef WHITTLE_TAP_WALK_H
#define WHITTLE_TAP_WALK_H

#include "whittle_window.h"

/* One tap of a window on one image: where its first pair of pixels is, and how they go on; no lines where it sees none. */
typedef struct {
  const float *x, *dy;
  int32_t lines, pixels;
  int32_t x_line, dy_line, x_step, dy_step;
} whittle_tap_walk;

/* The walk of tap (ky, kx) on image n: x and dy are all images and all gradients of outputs. */
static inline whittle_tap_walk whittle_walk_tap(const whittle_window *w, const float *x, const float *dy, int32_t n,
                                                int32_t ky, int32_t kx) {
  const int32_t inputs = w->channels, outputs = w->out_channels;
  const whittle_range y = whittle_outputs_of_tap(w->height, w->out_height, w->row_stride, w->top, ky);
  const whittle_range c = whittle_outputs_of_tap(w->width, w->out_width, w->column_stride, w->left, kx);
  whittle_tap_walk t = {x, dy, 0, 0, 0, 0, 0, 0};
  if (y.end <= y.first || c.end <= c.first) return t;
  const int32_t from_y = y.first * w->row_stride + ky - w->top;
  const int32_t from_x = c.first * w->column_stride + kx - w->left;
  t.x = x + ((n * w->height + from_y) * w->width + from_x) * inputs;
  t.dy = dy + ((n * w->out_height + y.first) * w->out_width + c.first) * outputs;
  t.lines = y.end - y.first;
  t.pixels = c.end - c.first;
  t.x_line = w->row_stride * w->width * inputs;
  t.dy_line = w->out_width * outputs;
  t.x_step = w->column_stride * inputs;
  t.dy_step = outputs;
  return t;
}

/* dw += sum of x[from] * dy[to] over the pixels of a tap */
static inline void whittle_add_products(const whittle_tap_walk *t, int32_t from, int32_t to, float *dw) {
  float sum = 0.0f;
  for (int32_t line = 0; line < t->lines; line++) {
    const float *x = t->x + line * t->x_line + from;
    const float *dy = t->dy + line * t->dy_line + to;
    for (int32_t pixel = 0; pixel < t->pixels; pixel++, x += t->x_step, dy += t->dy_step) sum += *x * *dy;
  }
  *dw += sum;
}

#endif
