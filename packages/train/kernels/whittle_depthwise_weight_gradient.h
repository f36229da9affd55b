#ifndef WHITTLE_DEPTHWISE_WEIGHT_GRADIENT_H
#define WHITTLE_DEPTHWISE_WEIGHT_GRADIENT_H

#include "whittle_window.h"

/*
 * Gradient of a depthwise convolution with respect to its weights. out_channels is channels * m, and channel c of x goes to the
 * outputs c * m .. c * m + m - 1. Each image is summed by itself first.
 *   x   [batch, height, width, channels]
 *   dy  [batch, out_height, out_width, channels * m]
 *   dw  [rows, columns, channels, m]; overlaps neither of them
 */
void whittle_depthwise_weight_gradient(const whittle_window *window, const float *x, const float *dy, float *dw);

#endif
