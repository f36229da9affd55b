#include "whittle_conv2d_input_gradient.h"

#include "whittle_vector.h"

/* What four pixels of a line, a stride apart, are computed from. */
typedef struct {
  const whittle_window *window;
  /* out_channels zeros, read where an output lies outside */
  const float *zeros;
  /* [rows, columns, out_channels, channels] */
  const float *weight;
  /* of this image */
  const float *dy;
} source;

enum { PIXELS = 4 };

/* The outputs at (oy, ox .. ox + 3); zeros where they don't exist. */
WHITTLE_INLINE void find_outputs(const source *s, int32_t oy, int32_t ox, const float *found[PIXELS]) {
  const whittle_window *const w = s->window;
  for (int p = 0; p < PIXELS; p++) {
    const int32_t at = ox + p;
    found[p] = at >= 0 && at < w->out_width ? s->dy + (oy * w->out_width + at) * w->out_channels : s->zeros;
  }
}

/* `vectors` times 4 channels of four pixels; `width` is 4, or 1 for a single channel in the first lane. */
WHITTLE_INLINE void compute_block(const source *s, int32_t y, int32_t x, int32_t ci, float *const to[PIXELS],
                                  const int vectors, const int width) {
  const whittle_window *const w = s->window;
  whittle_f32x4 sums[PIXELS][4];
  for (int p = 0; p < PIXELS; p++)
    for (int v = 0; v < vectors; v++) sums[p][v] = whittle_splat4(0.0f);
  for (int32_t ky = 0; ky < w->rows; ky++) {
    const int32_t above = y + w->top - ky;
    if (above < 0 || above % w->row_stride != 0 || above / w->row_stride >= w->out_height) continue;
    for (int32_t kx = 0; kx < w->columns; kx++) {
      const int32_t before = x + w->left - kx;
      if (before % w->column_stride != 0) continue;
      const float *d[PIXELS];
      find_outputs(s, above / w->row_stride, before / w->column_stride, d);
      const float *taps = s->weight + (ky * w->columns + kx) * w->out_channels * w->channels + ci;
      for (int32_t co = 0; co < w->out_channels; co++, taps += w->channels) {
        whittle_f32x4 tap[4];
        for (int v = 0; v < vectors; v++) tap[v] = width == 4 ? whittle_load4(taps + 4 * v) : whittle_splat4(*taps);
        for (int p = 0; p < PIXELS; p++) {
          const whittle_f32x4 value = whittle_splat4(d[p][co]);
          for (int v = 0; v < vectors; v++) sums[p][v] += value * tap[v];
        }
      }
    }
  }
  for (int p = 0; p < PIXELS; p++)
    if (to[p] != 0)
      for (int v = 0; v < vectors; v++) {
        if (width == 4)
          whittle_store4(to[p] + ci + 4 * v, sums[p][v]);
        else
          to[p][ci] = sums[p][v][0];
      }
}

static void compute_pixels(const source *s, int32_t y, int32_t x, float *const to[PIXELS]) {
  const int32_t channels = s->window->channels;
  int32_t ci = 0;
  for (; ci + 16 <= channels; ci += 16) compute_block(s, y, x, ci, to, 4, 4);
  for (; ci + 8 <= channels; ci += 8) compute_block(s, y, x, ci, to, 2, 4);
  for (; ci + 4 <= channels; ci += 4) compute_block(s, y, x, ci, to, 1, 4);
  for (; ci < channels; ci++) compute_block(s, y, x, ci, to, 1, 1);
}

/* [taps, channels, out_channels] to [taps, out_channels, channels] */
static void transpose_weight(const whittle_window *w, const float *from, float *to) {
  const int32_t size = w->channels * w->out_channels;
  for (int32_t tap = 0; tap < w->rows * w->columns; tap++, from += size, to += size)
    for (int32_t ci = 0; ci < w->channels; ci++)
      for (int32_t co = 0; co < w->out_channels; co++) to[co * w->channels + ci] = from[ci * w->out_channels + co];
}

void whittle_conv2d_input_gradient(const whittle_window *window, const float *dy, const float *weight, float *scratch,
                                   float *dx) {
  const whittle_window *const w = window;
  float *const zeros = scratch + w->rows * w->columns * w->channels * w->out_channels;
  transpose_weight(w, weight, scratch);
  __builtin_memset(zeros, 0, sizeof(float) * (uint32_t)w->out_channels);
  source s = {w, zeros, scratch, dy};
  for (int32_t n = 0; n < w->batch; n++, s.dy += w->out_height * w->out_width * w->out_channels)
    for (int32_t y = 0; y < w->height; y++) {
      float *const line = dx + (n * w->height + y) * w->width * w->channels;
      for (int32_t phase = 0; phase < w->column_stride; phase++)
        for (int32_t x = phase; x < w->width; x += PIXELS * w->column_stride) {
          float *to[PIXELS];
          for (int32_t p = 0; p < PIXELS; p++) {
            const int32_t at = x + p * w->column_stride;
            to[p] = at < w->width ? line + at * w->channels : 0;
          }
          compute_pixels(&s, y, x, to);
        }
    }
}
