/*
 * Logarithm of softmax over rows of int8, output scale 1/16 and zero point 127.
 */
#ifndef WHITTLE_LOG_SOFTMAX_S8_H
#define WHITTLE_LOG_SOFTMAX_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint32_t rows, depth;
  int32_t multiplier, shift;                 /* input scale * 2^26, at most 2^31 - 1; shift 1 to 31 */
  int32_t inverse_multiplier, inverse_shift; /* from such a number back to steps of the input */
  int32_t radius; /* floor(31 * 2^26 / 2^shift): entries further below the maximum count as 0 */
} whittle_log_softmax_s8_params;

/*
 * input   [rows][depth], depth below 4096
 * output  [rows][depth]; it may be the input
 */
void whittle_log_softmax_s8(const whittle_log_softmax_s8_params *params, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
