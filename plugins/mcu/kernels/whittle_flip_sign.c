#include "whittle_flip_sign.h"

void whittle_flip_sign(uint32_t count, const void *input, void *output) {
  const uint8_t *from = input;
  uint8_t *to = output;
  for (; count > 0; --count) *to++ = (uint8_t)(*from++ ^ 0x80u);
}
