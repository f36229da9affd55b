#include "whittle_lookup_s8_mve.h"

#include <arm_mve.h>

void whittle_lookup_s8_mve(const int8_t *table, uint32_t count, const int8_t *input, int8_t *output) {
  /* Offsets are unsigned bytes: the sign bit turned over adds 128. */
  for (uint32_t whole = count / 16; whole > 0; --whole, input += 16, output += 16) {
    const uint8x16_t index = vaddq_n_u8(vreinterpretq_u8_s8(vldrbq_s8(input)), 128);
    vstrbq_s8(output, vldrbq_gather_offset_s8(table, index));
  }
  const mve_pred16_t inside = vctp8q(count % 16);
  const uint8x16_t index = vaddq_n_u8(vreinterpretq_u8_s8(vldrbq_z_s8(input, inside)), 128);
  vstrbq_p_s8(output, vldrbq_gather_offset_z_s8(table, index, inside), inside);
}
