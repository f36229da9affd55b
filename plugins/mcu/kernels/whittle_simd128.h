/*
 * Vectors of 16 bytes, as four int32, eight int16 or sixteen int8: the operations that the *_simd128 kernels are made
 * of, each an instruction or a few in WebAssembly, SSE2 and 64-bit Arm's NEON; plain C anywhere else.
 *
 * load, store            16 bytes at any address
 * load_pairs             32 bits at any address, in each of the four lanes
 * load_widened           8 int8 as int16
 * store_bytes            8 int16 as int8, saturated
 * splat32, splat16       one value in all lanes
 * widen_low_s8, _high_s8, widen_low_s16, _high_s16   half of the lanes, twice as wide
 * interleave_low16, _high16   the first (last) four int16 of a and b in turns: a0 b0 a1 b1 ...
 * add16, add32, sub32, and32, xor32  lane by lane, wrapping
 * left32, right32        shifts of int32 by the same count, 0 to 31; to the right with the sign
 * dot                    of int16: a0 * b0 + a1 * b1, ... in four int32
 * high_product           (a * b + 2^31) >> 32 for b of 0 or more, as whittle_high_product
 * scale_down             (a * b) >> 32 for b unsigned, at most 2^31: a right shift by s where b is 2^(32 - s)
 * pack32                 eight int32 as int16, saturated
 */
#ifndef WHITTLE_SIMD128_H
#define WHITTLE_SIMD128_H

#include <stdint.h>
#include <string.h>

#if defined(__wasm_simd128__)
#include "whittle_simd128_wasm.h"
#elif defined(__SSE2__)
#include "whittle_simd128_sse2.h"
#elif defined(__aarch64__) && defined(__ARM_NEON)
#include "whittle_simd128_neon.h"
#else
#include "whittle_simd128_plain.h"
#endif

/* Output stages of four channels, all with the short form of whittle_requantize.h. */
typedef struct {
  whittle_v128 multiplier;
  whittle_v128 nudge;
  whittle_v128 factor; /* 2^(32 - right shift) */
} whittle_scaler4;

/* Outputs, not yet saturated, of four doubled accumulators. */
static inline whittle_v128 whittle_v_scale(const whittle_scaler4 *scaler, whittle_v128 doubled) {
  const whittle_v128 product = whittle_v_high_product(doubled, scaler->multiplier);
  const whittle_v128 signed_half = whittle_v_add32(whittle_v_right32(product, 31), scaler->nudge);
  return whittle_v_scale_down(whittle_v_add32(product, signed_half), scaler->factor);
}

/* From four multipliers and shifts, these -22 to -1. */
static inline whittle_scaler4 whittle_make_scaler4(const int32_t *multipliers, const int32_t *shifts,
                                                   int32_t zero_point) {
  int32_t nudges[4], factors[4];
  for (int32_t i = 0; i < 4; ++i) {
    const int32_t right = -shifts[i];
    nudges[i] = (1 << right >> 1) + zero_point * (1 << right);
    factors[i] = (int32_t)((uint32_t)1 << (32 - right));
  }
  const whittle_scaler4 scaler = {whittle_v_load(multipliers), whittle_v_load(nudges), whittle_v_load(factors)};
  return scaler;
}

#endif
