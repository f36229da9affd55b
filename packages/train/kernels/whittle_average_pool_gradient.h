#ifndef WHITTLE_AVERAGE_POOL_GRADIENT_H
#define WHITTLE_AVERAGE_POOL_GRADIENT_H

#include "whittle_window.h"

/*
 * Gradient of an average over the pixels of windows that are on the image: each of them gets dy over their number.
 *   dy  [batch, out_height, out_width, channels]
 *   dx  [batch, height, width, channels]; doesn't overlap dy
 */
void whittle_average_pool_gradient(const whittle_window *window, const float *dy, float *dx);

#endif
