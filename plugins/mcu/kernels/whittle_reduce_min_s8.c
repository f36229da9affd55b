/*
 * The innermost kept axis is walked as a whole for every reduced element, so that the input is read in order.
 */
#include "whittle_reduce_min_s8.h"

#include <string.h>

void whittle_reduce_min_s8(const whittle_reduce_max_s8_params *params, const int8_t *input, int8_t *output) {
  const uint32_t *const shape = params->shape;
  const uint32_t inner = shape[4], kept = shape[2] * inner;
  for (uint32_t i = shape[0]; i > 0; --i, output += kept) {
    memset(output, 127, kept);
    for (uint32_t r = shape[1]; r > 0; --r) {
      int8_t *to = output;
      for (uint32_t j = shape[2]; j > 0; --j, to += inner) {
        for (uint32_t s = shape[3]; s > 0; --s, input += inner) {
          for (uint32_t k = 0; k < inner; ++k) {
            if (input[k] < to[k]) to[k] = input[k];
          }
        }
      }
    }
  }
}
