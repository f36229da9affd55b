#ifndef WHITTLE_MAX_POOL_H
#define WHITTLE_MAX_POOL_H

#include "whittle_window.h"

/*
 * Maximum over windows, and where it is: positions count elements of one image, (y * width + x) * channels + c. The first of
 * equals counts. Every window has a pixel of the image.
 *   x          [batch, height, width, channels]
 *   y          [batch, out_height, out_width, channels]; doesn't overlap x
 *   positions  of y's shape
 */
void whittle_max_pool(const whittle_window *window, const float *x, float *y, int32_t *positions);

#endif
