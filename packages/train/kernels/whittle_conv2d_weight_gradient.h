#ifndef WHITTLE_CONV2D_WEIGHT_GRADIENT_H
#define WHITTLE_CONV2D_WEIGHT_GRADIENT_H

#include "whittle_window.h"

/*
 * Gradient of a convolution with respect to its weights: dw[ky][kx][ci][co] is the sum of x * dy over all outputs whose window
 * has (ky, kx) on the image. Each image is summed by itself first.
 *   x   [batch, height, width, channels]
 *   dy  [batch, out_height, out_width, out_channels]
 *   dw  [rows, columns, channels, out_channels]; overlaps neither of them
 */
void whittle_conv2d_weight_gradient(const whittle_window *window, const float *x, const float *dy, float *dw);

#endif
