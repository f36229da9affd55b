#ifndef WHITTLE_ACTIVATION_GRADIENT_H
#define WHITTLE_ACTIVATION_GRADIENT_H

#include <stdint.h>

/* 0 relu, 1 relu6, 2 elu, 3 sigmoid, 4 tanh */
typedef int32_t whittle_activation;

/*
 * Gradient of an activation, told from what it gave: relu dy where y > 0; relu6 where also y < 6; elu dy * (y + 1) where
 * y < 0; sigmoid dy * y * (1 - y); tanh dy * (1 - y^2).
 *   y, dy, dx  `count` elements; dx may be either of them
 */
void whittle_activation_gradient(whittle_activation activation, int32_t count, const float *y, const float *dy,
                                 float *dx);

#endif
