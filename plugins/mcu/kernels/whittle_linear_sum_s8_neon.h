/*
 * A linear function of two int8 tensors of one shape, element by element, on 64-bit Arm: sums and differences whose scales
 * allow it.
 */
#ifndef WHITTLE_LINEAR_SUM_S8_NEON_H
#define WHITTLE_LINEAR_SUM_S8_NEON_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t a_factor, b_factor;
  int32_t offset;
  uint32_t count;
  int16_t min, max; /* what outputs are clamped to, -128 to 127 */
} whittle_linear_sum_s8_neon_params;

/*
 * output[i] = (((a_factor * a[i]) >> 8) + ((b_factor * b[i]) >> 8) + offset) >> 20, clamped; the products have 40 bits,
 * their sum with the offset must fit 32. The output may be either input.
 */
void whittle_linear_sum_s8_neon(const whittle_linear_sum_s8_neon_params *params, const int8_t *a, const int8_t *b,
                                int8_t *output);

#ifdef __cplusplus
}
#endif

#endif
