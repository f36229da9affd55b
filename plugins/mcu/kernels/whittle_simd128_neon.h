/* 64-bit Arm's NEON for whittle_simd128.h, which says what each function does. */
#ifndef WHITTLE_SIMD128_NEON_H
#define WHITTLE_SIMD128_NEON_H

#if defined(__aarch64__) && defined(__ARM_NEON)

#include <arm_neon.h>
#include <stdint.h>
#include <string.h>

typedef int32x4_t whittle_v128;

static inline int16x8_t whittle_v_as16(whittle_v128 v) { return vreinterpretq_s16_s32(v); }
static inline whittle_v128 whittle_v_from16(int16x8_t v) { return vreinterpretq_s32_s16(v); }

static inline whittle_v128 whittle_v_load(const void *from) {
  return vreinterpretq_s32_s8(vld1q_s8((const int8_t *)from));
}

static inline void whittle_v_store(void *to, whittle_v128 v) { vst1q_s8((int8_t *)to, vreinterpretq_s8_s32(v)); }

static inline whittle_v128 whittle_v_load_pairs(const void *from) {
  int32_t pair;
  memcpy(&pair, from, sizeof pair);
  return vdupq_n_s32(pair);
}

static inline whittle_v128 whittle_v_load_widened(const int8_t *from) {
  return whittle_v_from16(vmovl_s8(vld1_s8(from)));
}

static inline void whittle_v_store_bytes(int8_t *to, whittle_v128 v) { vst1_s8(to, vqmovn_s16(whittle_v_as16(v))); }
static inline whittle_v128 whittle_v_splat32(int32_t x) { return vdupq_n_s32(x); }
static inline whittle_v128 whittle_v_splat16(int16_t x) { return whittle_v_from16(vdupq_n_s16(x)); }

static inline whittle_v128 whittle_v_widen_low_s8(whittle_v128 v) {
  return whittle_v_from16(vmovl_s8(vget_low_s8(vreinterpretq_s8_s32(v))));
}

static inline whittle_v128 whittle_v_widen_high_s8(whittle_v128 v) {
  return whittle_v_from16(vmovl_high_s8(vreinterpretq_s8_s32(v)));
}

static inline whittle_v128 whittle_v_widen_low_s16(whittle_v128 v) { return vmovl_s16(vget_low_s16(whittle_v_as16(v))); }
static inline whittle_v128 whittle_v_widen_high_s16(whittle_v128 v) { return vmovl_high_s16(whittle_v_as16(v)); }

static inline whittle_v128 whittle_v_interleave_low16(whittle_v128 a, whittle_v128 b) {
  return whittle_v_from16(vzip1q_s16(whittle_v_as16(a), whittle_v_as16(b)));
}

static inline whittle_v128 whittle_v_interleave_high16(whittle_v128 a, whittle_v128 b) {
  return whittle_v_from16(vzip2q_s16(whittle_v_as16(a), whittle_v_as16(b)));
}

static inline whittle_v128 whittle_v_add16(whittle_v128 a, whittle_v128 b) {
  return whittle_v_from16(vaddq_s16(whittle_v_as16(a), whittle_v_as16(b)));
}

static inline whittle_v128 whittle_v_add32(whittle_v128 a, whittle_v128 b) { return vaddq_s32(a, b); }
static inline whittle_v128 whittle_v_sub32(whittle_v128 a, whittle_v128 b) { return vsubq_s32(a, b); }
static inline whittle_v128 whittle_v_and32(whittle_v128 a, whittle_v128 b) { return vandq_s32(a, b); }
static inline whittle_v128 whittle_v_xor32(whittle_v128 a, whittle_v128 b) { return veorq_s32(a, b); }
static inline whittle_v128 whittle_v_left32(whittle_v128 v, int32_t n) { return vshlq_s32(v, vdupq_n_s32(n)); }
static inline whittle_v128 whittle_v_right32(whittle_v128 v, int32_t n) { return vshlq_s32(v, vdupq_n_s32(-n)); }

static inline whittle_v128 whittle_v_dot(whittle_v128 a, whittle_v128 b) {
  const int16x8_t x = whittle_v_as16(a), y = whittle_v_as16(b);
  return vpaddq_s32(vmull_s16(vget_low_s16(x), vget_low_s16(y)), vmull_high_s16(x, y));
}

static inline whittle_v128 whittle_v_high_product(whittle_v128 a, whittle_v128 b) {
  const int32x2_t low = vrshrn_n_s64(vmull_s32(vget_low_s32(a), vget_low_s32(b)), 32);
  return vrshrn_high_n_s64(low, vmull_high_s32(a, b), 32);
}

static inline whittle_v128 whittle_v_scale_down(whittle_v128 a, whittle_v128 b) {
  const uint32x4_t x = vreinterpretq_u32_s32(a), y = vreinterpretq_u32_s32(b);
  const uint32x2_t low = vshrn_n_u64(vmull_u32(vget_low_u32(x), vget_low_u32(y)), 32);
  const uint32x4_t product = vshrn_high_n_u64(low, vmull_high_u32(x, y), 32);
  /* Read as unsigned, a negative a is 2^32 too large. */
  return vsubq_s32(vreinterpretq_s32_u32(product), vandq_s32(vshrq_n_s32(a, 31), b));
}

static inline whittle_v128 whittle_v_pack32(whittle_v128 a, whittle_v128 b) {
  return whittle_v_from16(vqmovn_high_s32(vqmovn_s32(a), b));
}

#endif

#endif
