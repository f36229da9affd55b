#include "whittle_arg_max_s8.h"

void whittle_arg_max_s8(uint32_t outer, uint32_t extent, uint32_t inner, const int8_t *input, int32_t *output) {
  for (; outer > 0; --outer, input += extent * inner) {
    for (uint32_t k = 0; k < inner; ++k) {
      const int8_t *x = input + k;
      int8_t best = *x;
      uint32_t at = 0;
      for (uint32_t i = 1; i < extent; ++i) {
        x += inner;
        if (*x > best) {
          best = *x;
          at = i;
        }
      }
      *output++ = (int32_t)at;
    }
  }
}
