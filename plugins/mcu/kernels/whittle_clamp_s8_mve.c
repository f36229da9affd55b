#include "whittle_clamp_s8_mve.h"

#include <arm_mve.h>

void whittle_clamp_s8_mve(int32_t min, int32_t max, uint32_t count, const int8_t *input, int8_t *output) {
  const int8x16_t low = vdupq_n_s8((int8_t)min), high = vdupq_n_s8((int8_t)max);
  for (uint32_t whole = count / 16; whole > 0; --whole, input += 16, output += 16) {
    vstrbq_s8(output, vminq_s8(vmaxq_s8(vldrbq_s8(input), low), high));
  }
  const mve_pred16_t inside = vctp8q(count % 16);
  vstrbq_p_s8(output, vminq_s8(vmaxq_s8(vldrbq_z_s8(input, inside), low), high), inside);
}
