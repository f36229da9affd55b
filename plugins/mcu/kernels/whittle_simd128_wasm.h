/* WebAssembly's 128-bit instructions for whittle_simd128.h, which says what each does. */
#ifndef WHITTLE_SIMD128_WASM_H
#define WHITTLE_SIMD128_WASM_H

#if defined(__wasm_simd128__)

#include <stdint.h>
#include <wasm_simd128.h>

typedef v128_t whittle_v128;

static inline whittle_v128 whittle_v_load(const void *from) { return wasm_v128_load(from); }
static inline void whittle_v_store(void *to, whittle_v128 v) { wasm_v128_store(to, v); }
static inline whittle_v128 whittle_v_load_pairs(const void *from) { return wasm_v128_load32_splat(from); }
static inline whittle_v128 whittle_v_load_widened(const int8_t *from) { return wasm_i16x8_load8x8(from); }

static inline void whittle_v_store_bytes(int8_t *to, whittle_v128 v) {
  wasm_v128_store64_lane(to, wasm_i8x16_narrow_i16x8(v, v), 0);
}

static inline whittle_v128 whittle_v_splat32(int32_t x) { return wasm_i32x4_splat(x); }
static inline whittle_v128 whittle_v_splat16(int16_t x) { return wasm_i16x8_splat(x); }
static inline whittle_v128 whittle_v_widen_low_s8(whittle_v128 v) { return wasm_i16x8_extend_low_i8x16(v); }
static inline whittle_v128 whittle_v_widen_high_s8(whittle_v128 v) { return wasm_i16x8_extend_high_i8x16(v); }
static inline whittle_v128 whittle_v_widen_low_s16(whittle_v128 v) { return wasm_i32x4_extend_low_i16x8(v); }
static inline whittle_v128 whittle_v_widen_high_s16(whittle_v128 v) { return wasm_i32x4_extend_high_i16x8(v); }

static inline whittle_v128 whittle_v_interleave_low16(whittle_v128 a, whittle_v128 b) {
  return wasm_i16x8_shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}

static inline whittle_v128 whittle_v_interleave_high16(whittle_v128 a, whittle_v128 b) {
  return wasm_i16x8_shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}

static inline whittle_v128 whittle_v_add16(whittle_v128 a, whittle_v128 b) { return wasm_i16x8_add(a, b); }
static inline whittle_v128 whittle_v_add32(whittle_v128 a, whittle_v128 b) { return wasm_i32x4_add(a, b); }
static inline whittle_v128 whittle_v_sub32(whittle_v128 a, whittle_v128 b) { return wasm_i32x4_sub(a, b); }
static inline whittle_v128 whittle_v_and32(whittle_v128 a, whittle_v128 b) { return wasm_v128_and(a, b); }
static inline whittle_v128 whittle_v_xor32(whittle_v128 a, whittle_v128 b) { return wasm_v128_xor(a, b); }
static inline whittle_v128 whittle_v_left32(whittle_v128 v, int32_t n) { return wasm_i32x4_shl(v, (uint32_t)n); }
static inline whittle_v128 whittle_v_right32(whittle_v128 v, int32_t n) { return wasm_i32x4_shr(v, (uint32_t)n); }
static inline whittle_v128 whittle_v_dot(whittle_v128 a, whittle_v128 b) { return wasm_i32x4_dot_i16x8(a, b); }

static inline whittle_v128 whittle_v_high_product(whittle_v128 a, whittle_v128 b) {
  const whittle_v128 half = wasm_i64x2_splat((int64_t)1 << 31);
  const whittle_v128 low = wasm_i64x2_add(wasm_i64x2_extmul_low_i32x4(a, b), half);
  const whittle_v128 high = wasm_i64x2_add(wasm_i64x2_extmul_high_i32x4(a, b), half);
  return wasm_i32x4_shuffle(low, high, 1, 3, 5, 7);
}

static inline whittle_v128 whittle_v_scale_down(whittle_v128 a, whittle_v128 b) {
  const whittle_v128 low = wasm_u64x2_extmul_low_u32x4(a, b);
  const whittle_v128 high = wasm_u64x2_extmul_high_u32x4(a, b);
  const whittle_v128 product = wasm_i32x4_shuffle(low, high, 1, 3, 5, 7);
  /* Read as unsigned, a negative a is 2^32 too large. */
  return wasm_i32x4_sub(product, wasm_v128_and(wasm_i32x4_shr(a, 31), b));
}

static inline whittle_v128 whittle_v_pack32(whittle_v128 a, whittle_v128 b) { return wasm_i16x8_narrow_i32x4(a, b); }

#endif

#endif
