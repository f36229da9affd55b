/*
 * Channels of int8, from which the zero point is taken, as pairs of doubled int16: bytes 0 and 2 of four, then 1 and 3,
 * each pair `pitch` words on.
 */
#ifndef WHITTLE_CONV_STRIP_DSP_H
#define WHITTLE_CONV_STRIP_DSP_H

#include "whittle_pair.h"

/* What widening adds to each pair. */
static inline int32_t whittle_minus_twice(int32_t zero_point) {
  return whittle_make_pair((int16_t)-zero_point, (int16_t)-zero_point);
}

static inline int32_t whittle_doubled(int32_t pair) { return whittle_pair_add(pair, pair); }

/*
 * `count` bytes, to each of which a half of `minus` is added; two that are left over make a pair, as does one with itself. Four bytes at a time take ten instructions,
 * of which compilers make more.
 */
static inline void whittle_widen_units(const int8_t *from, uint32_t count, int32_t minus, int32_t *to,
                                       uint32_t pitch) {
  if (count >= 4) {
    uint32_t even, odd, left = count - 4;
    const uint32_t bytes = pitch * 4;
    __asm__ volatile(
        "1:\n\t"
        "ldr %[even], [%[from]], #4\n\t"
        "sxtab16 %[odd], %[minus], %[even], ror #8\n\t"
        "sxtab16 %[even], %[minus], %[even]\n\t"
        "sadd16 %[odd], %[odd], %[odd]\n\t"
        "sadd16 %[even], %[even], %[even]\n\t"
        "str %[odd], [%[to], %[bytes]]\n\t"
        "str %[even], [%[to]]\n\t"
        "subs %[left], #4\n\t"
        "add %[to], %[to], %[bytes], lsl #1\n\t"
        "bhs 1b"
        : [from] "+r"(from), [to] "+r"(to), [left] "+r"(left), [even] "=&r"(even), [odd] "=&r"(odd)
        : [bytes] "r"(bytes), [minus] "r"(minus)
        : "cc", "memory");
  }
  const uint32_t rest = count & 3u;
  if (rest == 0) return;
  const uint32_t even = rest == 3 ? 2 : rest - 1;
  *to = whittle_doubled(whittle_pair_add(minus, whittle_make_pair(from[0], from[even])));
  if (rest == 3) to[pitch] = whittle_doubled(whittle_pair_add(minus, whittle_make_pair(from[1], from[1])));
}

/* `count` words to a lower address. */
static inline void whittle_move_words(int32_t *to, const int32_t *from, uint32_t count) {
  for (; count % 4 > 0; --count) *to++ = *from++;
  for (const int32_t *const end = from + count; from != end;) {
    __asm__ volatile(
        "ldm %[from]!, {r4, r5, r6, r12}\n\t"
        "stm %[to]!, {r4, r5, r6, r12}"
        : [from] "+r"(from), [to] "+r"(to)
        :
        : "r4", "r5", "r6", "r12", "memory");
  }
}

/* Words of four bytes as pairs of bytes 0 and 2, and 1 and 3, side by side: `blocks` of them, with a gap behind each. */
static inline const int8_t *whittle_unpack_fours(const int8_t *from, uint32_t fours, uint32_t blocks, int32_t *to) {
  uint32_t left;
  __asm__ volatile(
      "1:\n\t"
      "mov %[left], %[fours]\n\t"
      "2:\n\t"
      "ldm %[from]!, {r4, r6, r9, r12}\n\t"
      "sxtb16 r5, r4, ror #8\n\t"
      "sxtb16 r4, r4\n\t"
      "sxtb16 r8, r6, ror #8\n\t"
      "sxtb16 r6, r6\n\t"
      "sxtb16 r10, r9, ror #8\n\t"
      "sxtb16 r9, r9\n\t"
      "sxtb16 lr, r12, ror #8\n\t"
      "sxtb16 r12, r12\n\t"
      "subs %[left], #1\n\t"
      "stm %[to]!, {r4, r5, r6, r8, r9, r10, r12, lr}\n\t"
      "bne 2b\n\t"
      "add %[to], #4\n\t"
      "subs %[blocks], #1\n\t"
      "bne 1b"
      : [from] "+r"(from), [to] "+r"(to), [blocks] "+r"(blocks), [left] "=&r"(left)
      : [fours] "r"(fours)
      : "r4", "r5", "r6", "r8", "r9", "r10", "r12", "lr", "cc", "memory");
  return from;
}

#endif
