#include "whittle_max_pool_gradient.h"

void whittle_max_pool_gradient(const whittle_window *window, const float *dy, const int32_t *positions, float *dx) {
  const whittle_window *const w = window;
  const int32_t image = w->height * w->width * w->channels;
  const int32_t outputs = w->out_height * w->out_width * w->channels;
  __builtin_memset(dx, 0, sizeof(float) * (uint32_t)(w->batch * image));
  for (int32_t n = 0; n < w->batch; n++, dx += image)
    for (int32_t i = 0; i < outputs; i++) dx[*positions++] += *dy++;
}
