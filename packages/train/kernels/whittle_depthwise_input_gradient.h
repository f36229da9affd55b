#ifndef WHITTLE_DEPTHWISE_INPUT_GRADIENT_H
#define WHITTLE_DEPTHWISE_INPUT_GRADIENT_H

#include "whittle_window.h"

/*
 * Gradient of a depthwise convolution with respect to its input. out_channels is channels * m.
 *   dy      [batch, out_height, out_width, channels * m]
 *   weight  [rows, columns, channels, m]
 *   dx      [batch, height, width, channels]; overlaps neither of them
 */
void whittle_depthwise_input_gradient(const whittle_window *window, const float *dy, const float *weight, float *dx);

#endif
