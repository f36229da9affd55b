/*
 * What whittle_fully_connected_s8_dotprod and whittle_fully_connected_s8_neon are told.
 */
#ifndef WHITTLE_FULLY_CONNECTED_NEON_H
#define WHITTLE_FULLY_CONNECTED_NEON_H

#include <stdint.h>

typedef struct {
  uint32_t batches, inputs, outputs; /* 1 or more of each */
  uint32_t shared;                   /* 1: multiplier and shift serve all outputs; 0: the stream has them */
  int32_t multiplier, shift;         /* shift -31 to -1 */
  int32_t output_zero_point, min, max; /* min and max: what outputs are clamped to, -128 to 127 */
} whittle_fully_connected_neon_params;

#endif
