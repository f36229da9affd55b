/*
 * Copies and fills of bytes, 16 at a time with Helium. Elsewhere the same is memcpy and memset.
 */
#ifndef WHITTLE_COPY_MVE_H
#define WHITTLE_COPY_MVE_H

#include <stdint.h>
#include <string.h>

#if defined(__ARM_FEATURE_MVE)
#include <arm_mve.h>
#endif

/* `to` may overlap `from` where it begins before it. */
static inline void whittle_copy_mve(int8_t *to, const int8_t *from, uint32_t count) {
#if defined(__ARM_FEATURE_MVE)
  for (; count >= 32; count -= 32, from += 32, to += 32) {
    const int8x16_t first = vldrbq_s8(from), second = vldrbq_s8(from + 16);
    vstrbq_s8(to, first);
    vstrbq_s8(to + 16, second);
  }
  for (int32_t left = (int32_t)count; left > 0; left -= 16, from += 16, to += 16) {
    const mve_pred16_t inside = vctp8q((uint32_t)left);
    vstrbq_p_s8(to, vldrbq_z_s8(from, inside), inside);
  }
#else
  memmove(to, from, count);
#endif
}

static inline void whittle_fill_mve(int8_t *to, int8_t value, uint32_t count) {
#if defined(__ARM_FEATURE_MVE)
  for (int32_t left = (int32_t)count; left > 0; left -= 16, to += 16) {
    vstrbq_p_s8(to, vdupq_n_s8(value), vctp8q((uint32_t)left));
  }
#else
  memset(to, value, count);
#endif
}

/* `count` bytes, and up to 15 more that are read and written beyond their end. */
static inline void whittle_copy_loosely_mve(int8_t *to, const int8_t *from, uint32_t count) {
#if defined(__ARM_FEATURE_MVE)
  vstrbq_s8(to, vldrbq_s8(from));
  for (uint32_t i = 16; i < count; i += 16) vstrbq_s8(to + i, vldrbq_s8(from + i));
#else
  memmove(to, from, count);
#endif
}

#endif
