/*
 * The table lies in sixteen registers, of which an instruction looks through four; indices beyond those leave a lane as it is.
 */
#include "whittle_lookup_s8_neon.h"

#include <arm_neon.h>

void whittle_lookup_s8_neon(const int8_t *table, uint32_t count, const int8_t *input, int8_t *output) {
  const int8x16x4_t t0 = vld1q_s8_x4(table), t1 = vld1q_s8_x4(table + 64), t2 = vld1q_s8_x4(table + 128),
                    t3 = vld1q_s8_x4(table + 192);
  const uint8x16_t quarter = vdupq_n_u8(64), middle = vdupq_n_u8(128);
  for (; count >= 16; count -= 16, input += 16, output += 16) {
    const uint8x16_t i0 = veorq_u8(vreinterpretq_u8_s8(vld1q_s8(input)), middle);
    const uint8x16_t i1 = vsubq_u8(i0, quarter), i2 = veorq_u8(i0, middle), i3 = vsubq_u8(i2, quarter);
    vst1q_s8(output, vqtbx4q_s8(vqtbx4q_s8(vqtbx4q_s8(vqtbl4q_s8(t0, i0), t1, i1), t2, i2), t3, i3));
  }
  for (; count > 0; --count) *output++ = table[*input++ + 128];
}
