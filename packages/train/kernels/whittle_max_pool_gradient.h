#ifndef WHITTLE_MAX_POOL_GRADIENT_H
#define WHITTLE_MAX_POOL_GRADIENT_H

#include "whittle_window.h"

/*
 * Gradient of a maximum over windows: each dy goes to where its maximum was.
 *   dy         [batch, out_height, out_width, channels]
 *   positions  as whittle_max_pool gives them
 *   dx         [batch, height, width, channels]; overlaps neither of them
 */
void whittle_max_pool_gradient(const whittle_window *window, const float *dy, const int32_t *positions, float *dx);

#endif
