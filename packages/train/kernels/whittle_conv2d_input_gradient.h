#ifndef WHITTLE_CONV2D_INPUT_GRADIENT_H
#define WHITTLE_CONV2D_INPUT_GRADIENT_H

#include "whittle_window.h"

/*
 * Gradient of a convolution with respect to its input, which is a transposed convolution of dy.
 *   dy       [batch, out_height, out_width, out_channels]
 *   weight   [rows, columns, channels, out_channels]
 *   scratch  rows * columns * channels * out_channels + out_channels floats
 *   dx       [batch, height, width, channels]; overlaps none of them
 */
void whittle_conv2d_input_gradient(const whittle_window *window, const float *dy, const float *weight, float *scratch,
                                   float *dx);

#endif
