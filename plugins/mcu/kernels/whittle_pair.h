/*
 * Two int16 in a 32-bit word: the first in the low half, the second in the high half. With the Arm DSP
 * extension a pair of products is one instruction; elsewhere the same values come from plain C.
 */
#ifndef WHITTLE_PAIR_H
#define WHITTLE_PAIR_H

#include <stdint.h>
#include <string.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "The int8 kernels assume a little-endian target"
#endif

#if defined(__ARM_FEATURE_DSP) && defined(__thumb2__)
#define WHITTLE_DSP 1
#else
#define WHITTLE_DSP 0
#endif

static inline int32_t whittle_load_pair(const int16_t *from) {
  int32_t pair;
  memcpy(&pair, from, sizeof pair);
  return pair;
}

static inline void whittle_store_pair(int16_t *to, int32_t pair) { memcpy(to, &pair, sizeof pair); }

static inline int32_t whittle_make_pair(int16_t low, int16_t high) {
  return (int32_t)(((uint32_t)low & 0xffffu) | (uint32_t)high << 16);
}

static inline int32_t whittle_pair_low(int32_t pair) { return (int16_t)((uint32_t)pair & 0xffffu); }

static inline int32_t whittle_pair_high(int32_t pair) { return pair >> 16; }

/* sum + a.low * b.low + a.high * b.high. */
static inline int32_t whittle_pair_mac(int32_t sum, int32_t a, int32_t b) {
#if WHITTLE_DSP
  __asm__("smlad %0, %1, %2, %0" : "+r"(sum) : "r"(a), "r"(b));
  return sum;
#else
  return sum + whittle_pair_low(a) * whittle_pair_low(b) + whittle_pair_high(a) * whittle_pair_high(b);
#endif
}

/* Both halves added, each in 16 bits. */
static inline int32_t whittle_pair_add(int32_t a, int32_t b) {
#if WHITTLE_DSP
  int32_t sum;
  __asm__("sadd16 %0, %1, %2" : "=r"(sum) : "r"(a), "r"(b));
  return sum;
#else
  return whittle_make_pair((int16_t)(whittle_pair_low(a) + whittle_pair_low(b)),
                           (int16_t)(whittle_pair_high(a) + whittle_pair_high(b)));
#endif
}

/* sum + a.low * b.high. */
static inline int32_t whittle_mac_low_high(int32_t sum, int32_t a, int32_t b) {
#if WHITTLE_DSP
  __asm__("smlabt %0, %1, %2, %0" : "+r"(sum) : "r"(a), "r"(b));
  return sum;
#else
  return sum + whittle_pair_low(a) * whittle_pair_high(b);
#endif
}

static inline uint32_t whittle_load_bytes(const int8_t *from) {
  uint32_t bytes;
  memcpy(&bytes, from, sizeof bytes);
  return bytes;
}

/* Bytes 0 and 2 of four int8, sign-extended to a pair. */
static inline int32_t whittle_even_bytes(uint32_t bytes) {
#if WHITTLE_DSP
  int32_t pair;
  __asm__("sxtb16 %0, %1" : "=r"(pair) : "r"(bytes));
  return pair;
#else
  const uint32_t low = (uint32_t)(int32_t)(int8_t)(bytes & 0xffu) & 0xffffu;
  const uint32_t high = (uint32_t)(int32_t)(int8_t)((bytes >> 16) & 0xffu) << 16;
  return (int32_t)(low | high);
#endif
}

/* Bytes 1 and 3 of four int8, sign-extended to a pair. */
static inline int32_t whittle_odd_bytes(uint32_t bytes) {
#if WHITTLE_DSP
  int32_t pair;
  __asm__("sxtb16 %0, %1, ror #8" : "=r"(pair) : "r"(bytes));
  return pair;
#else
  return whittle_even_bytes(bytes >> 8);
#endif
}

/* to[i] = 2 * from[i] + offset; 2 * (x - zero point) for an offset of -2 * zero point. */
static inline void whittle_widen(int16_t *to, const int8_t *from, uint32_t count, int32_t offset) {
  for (; count >= 4; count -= 4, from += 4, to += 4) {
    const int32_t x0 = from[0], x1 = from[1], x2 = from[2], x3 = from[3];
    to[0] = (int16_t)(2 * x0 + offset);
    to[1] = (int16_t)(2 * x1 + offset);
    to[2] = (int16_t)(2 * x2 + offset);
    to[3] = (int16_t)(2 * x3 + offset);
  }
  for (; count > 0; --count) *to++ = (int16_t)(2 * *from++ + offset);
}

/*
 * 2 * (x - zero point) of `count` elements, a multiple of 4, each four in the order 0 2 1 3: the order in which four
 * bytes come apart as two pairs.
 */
static inline void whittle_widen_shuffled(int16_t *to, const int8_t *from, uint32_t count, int32_t zero_point) {
  const int32_t minus = whittle_make_pair((int16_t)-zero_point, (int16_t)-zero_point);
  for (const int8_t *const end = from + count; from != end; from += 4, to += 4) {
    const uint32_t bytes = whittle_load_bytes(from);
    const int32_t even = whittle_pair_add(whittle_even_bytes(bytes), minus);
    const int32_t odd = whittle_pair_add(whittle_odd_bytes(bytes), minus);
    whittle_store_pair(to, whittle_pair_add(even, even));
    whittle_store_pair(to + 2, whittle_pair_add(odd, odd));
  }
}

#endif
