/*
 * Four int8 in a 32-bit word at once: one or two instructions of the Arm DSP extension, the same values from plain C
 * elsewhere.
 */
#ifndef WHITTLE_BYTES_DSP_H
#define WHITTLE_BYTES_DSP_H

#include "whittle_pair.h"

/* Bytes 0 and 2 added to a pair, each sum in 16 bits. */
static inline int32_t whittle_add_even_bytes(int32_t pair, uint32_t bytes) {
#if WHITTLE_DSP
  __asm__("sxtab16 %0, %0, %1" : "+r"(pair) : "r"(bytes));
  return pair;
#else
  return whittle_pair_add(pair, whittle_even_bytes(bytes));
#endif
}

/* Bytes 1 and 3 added to a pair, each sum in 16 bits. */
static inline int32_t whittle_add_odd_bytes(int32_t pair, uint32_t bytes) {
#if WHITTLE_DSP
  __asm__("sxtab16 %0, %0, %1, ror #8" : "+r"(pair) : "r"(bytes));
  return pair;
#else
  return whittle_pair_add(pair, whittle_odd_bytes(bytes));
#endif
}

/* The larger of each two int8. */
static inline uint32_t whittle_max_bytes(uint32_t a, uint32_t b) {
#if WHITTLE_DSP
  uint32_t larger;
  __asm__("ssub8 %0, %1, %2\n\tsel %0, %1, %2" : "=&r"(larger) : "r"(a), "r"(b));
  return larger;
#else
  uint32_t larger = 0;
  for (uint32_t shift = 0; shift < 32; shift += 8) {
    const int32_t x = (int8_t)(a >> shift & 0xffu), y = (int8_t)(b >> shift & 0xffu);
    larger |= ((uint32_t)(x > y ? x : y) & 0xffu) << shift;
  }
  return larger;
#endif
}

static inline void whittle_store_bytes(int8_t *to, uint32_t bytes) { memcpy(to, &bytes, sizeof bytes); }

#endif
