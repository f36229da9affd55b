/* x86's SSE2, which every 64-bit processor has, for whittle_simd128.h, which says what each function does. */
#ifndef WHITTLE_SIMD128_SSE2_H
#define WHITTLE_SIMD128_SSE2_H

#if defined(__SSE2__)

#include <emmintrin.h>
#include <stdint.h>
#include <string.h>

typedef __m128i whittle_v128;

static inline whittle_v128 whittle_v_load(const void *from) { return _mm_loadu_si128((const __m128i *)from); }
static inline void whittle_v_store(void *to, whittle_v128 v) { _mm_storeu_si128((__m128i *)to, v); }

static inline whittle_v128 whittle_v_load_pairs(const void *from) {
  int32_t pair;
  memcpy(&pair, from, sizeof pair);
  return _mm_set1_epi32(pair);
}

static inline whittle_v128 whittle_v_widen_low_s8(whittle_v128 v) { return _mm_srai_epi16(_mm_unpacklo_epi8(v, v), 8); }
static inline whittle_v128 whittle_v_widen_high_s8(whittle_v128 v) { return _mm_srai_epi16(_mm_unpackhi_epi8(v, v), 8); }

static inline whittle_v128 whittle_v_widen_low_s16(whittle_v128 v) {
  return _mm_srai_epi32(_mm_unpacklo_epi16(v, v), 16);
}

static inline whittle_v128 whittle_v_widen_high_s16(whittle_v128 v) {
  return _mm_srai_epi32(_mm_unpackhi_epi16(v, v), 16);
}

static inline whittle_v128 whittle_v_load_widened(const int8_t *from) {
  return whittle_v_widen_low_s8(_mm_loadl_epi64((const __m128i *)(const void *)from));
}

static inline void whittle_v_store_bytes(int8_t *to, whittle_v128 v) {
  _mm_storel_epi64((__m128i *)(void *)to, _mm_packs_epi16(v, v));
}

static inline whittle_v128 whittle_v_splat32(int32_t x) { return _mm_set1_epi32(x); }
static inline whittle_v128 whittle_v_splat16(int16_t x) { return _mm_set1_epi16(x); }

static inline whittle_v128 whittle_v_interleave_low16(whittle_v128 a, whittle_v128 b) {
  return _mm_unpacklo_epi16(a, b);
}

static inline whittle_v128 whittle_v_interleave_high16(whittle_v128 a, whittle_v128 b) {
  return _mm_unpackhi_epi16(a, b);
}

static inline whittle_v128 whittle_v_add16(whittle_v128 a, whittle_v128 b) { return _mm_add_epi16(a, b); }
static inline whittle_v128 whittle_v_add32(whittle_v128 a, whittle_v128 b) { return _mm_add_epi32(a, b); }
static inline whittle_v128 whittle_v_sub32(whittle_v128 a, whittle_v128 b) { return _mm_sub_epi32(a, b); }
static inline whittle_v128 whittle_v_and32(whittle_v128 a, whittle_v128 b) { return _mm_and_si128(a, b); }
static inline whittle_v128 whittle_v_xor32(whittle_v128 a, whittle_v128 b) { return _mm_xor_si128(a, b); }
static inline whittle_v128 whittle_v_left32(whittle_v128 v, int32_t n) { return _mm_sll_epi32(v, _mm_cvtsi32_si128(n)); }
static inline whittle_v128 whittle_v_right32(whittle_v128 v, int32_t n) { return _mm_sra_epi32(v, _mm_cvtsi32_si128(n)); }
static inline whittle_v128 whittle_v_dot(whittle_v128 a, whittle_v128 b) { return _mm_madd_epi16(a, b); }

/* (a * b + addend) >> 32 for b unsigned: SSE2 multiplies without signs, so that a negative a is 2^32 too large. */
static inline whittle_v128 whittle_v_high_words(whittle_v128 a, whittle_v128 b, whittle_v128 addend) {
  const whittle_v128 even = _mm_add_epi64(_mm_mul_epu32(a, b), addend);
  const whittle_v128 odd = _mm_add_epi64(_mm_mul_epu32(_mm_srli_epi64(a, 32), _mm_srli_epi64(b, 32)), addend);
  const whittle_v128 upper = _mm_set_epi32(-1, 0, -1, 0);
  const whittle_v128 words = _mm_or_si128(_mm_srli_epi64(even, 32), _mm_and_si128(odd, upper));
  return _mm_sub_epi32(words, _mm_and_si128(_mm_srai_epi32(a, 31), b));
}

static inline whittle_v128 whittle_v_high_product(whittle_v128 a, whittle_v128 b) {
  return whittle_v_high_words(a, b, _mm_set_epi32(0, INT32_MIN, 0, INT32_MIN));
}

static inline whittle_v128 whittle_v_scale_down(whittle_v128 a, whittle_v128 b) {
  return whittle_v_high_words(a, b, _mm_setzero_si128());
}

static inline whittle_v128 whittle_v_pack32(whittle_v128 a, whittle_v128 b) { return _mm_packs_epi32(a, b); }

#endif

#endif
