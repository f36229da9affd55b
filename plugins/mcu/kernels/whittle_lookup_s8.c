#include "whittle_lookup_s8.h"

void whittle_lookup_s8(const int8_t *table, uint32_t count, const int8_t *input, int8_t *output) {
  const int8_t *const middle = table + 128;
  for (; count >= 4; count -= 4, input += 4, output += 4) {
    const int8_t y0 = middle[input[0]], y1 = middle[input[1]], y2 = middle[input[2]], y3 = middle[input[3]];
    output[0] = y0;
    output[1] = y1;
    output[2] = y2;
    output[3] = y3;
  }
  for (; count > 0; --count) *output++ = middle[*input++];
}
