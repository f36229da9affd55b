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
  const uint32_t rounds = count / 64;
  const uint32_t rest = count % 64;
  __asm__ volatile(
      "wls lr, %[rounds], 2f\n"
      "1:\n\t"
      "vldrb.u8 q0, [%[from]], #16\n\t"
      "vldrb.u8 q1, [%[from]], #16\n\t"
      "vstrb.8 q0, [%[to]], #16\n\t"
      "vldrb.u8 q2, [%[from]], #16\n\t"
      "vstrb.8 q1, [%[to]], #16\n\t"
      "vldrb.u8 q3, [%[from]], #16\n\t"
      "vstrb.8 q2, [%[to]], #16\n\t"
      "vstrb.8 q3, [%[to]], #16\n\t"
      "le lr, 1b\n"
      "2:\n\t"
      "wlstp.8 lr, %[rest], 4f\n"
      "3:\n\t"
      "vldrb.u8 q0, [%[from]], #16\n\t"
      "vstrb.8 q0, [%[to]], #16\n\t"
      "letp lr, 3b\n"
      "4:"
      : [to] "+l"(to), [from] "+l"(from)
      : [rounds] "r"(rounds), [rest] "r"(rest)
      : "lr", "q0", "q1", "q2", "q3", "memory", "cc");
#else
  memmove(to, from, count);
#endif
}

static inline void whittle_fill_mve(int8_t *to, int8_t value, uint32_t count) {
#if defined(__ARM_FEATURE_MVE)
  __asm__ volatile(
      "vdup.8 q0, %[value]\n\t"
      "wlstp.8 lr, %[count], 2f\n"
      "1:\n\t"
      "vstrb.8 q0, [%[to]], #16\n\t"
      "letp lr, 1b\n"
      "2:"
      : [to] "+l"(to)
      : [value] "r"(value), [count] "r"(count)
      : "lr", "q0", "memory", "cc");
#else
  memset(to, value, count);
#endif
}

static inline void whittle_copy_16_mve(int8_t *to, const int8_t *from) {
#if defined(__ARM_FEATURE_MVE)
  vstrbq_s8(to, vldrbq_s8(from));
#else
  memmove(to, from, 16);
#endif
}

#endif
