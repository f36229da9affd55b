/* Plain C for whittle_simd128.h, which says what each function does. */
#ifndef WHITTLE_SIMD128_PLAIN_H
#define WHITTLE_SIMD128_PLAIN_H

#include <stdint.h>
#include <string.h>

typedef struct {
  int32_t lane[4];
} whittle_v128;

typedef struct {
  int16_t lane[8];
} whittle_v128_s16;

static inline whittle_v128_s16 whittle_v_as16(whittle_v128 v) {
  whittle_v128_s16 result;
  memcpy(&result, &v, sizeof v);
  return result;
}

static inline whittle_v128 whittle_v_from16(whittle_v128_s16 v) {
  whittle_v128 result;
  memcpy(&result, &v, sizeof v);
  return result;
}

static inline whittle_v128 whittle_v_load(const void *from) {
  whittle_v128 v;
  memcpy(&v, from, sizeof v);
  return v;
}

static inline void whittle_v_store(void *to, whittle_v128 v) { memcpy(to, &v, sizeof v); }

static inline whittle_v128 whittle_v_splat32(int32_t x) {
  const whittle_v128 v = {{x, x, x, x}};
  return v;
}

static inline whittle_v128 whittle_v_load_pairs(const void *from) {
  int32_t pair;
  memcpy(&pair, from, sizeof pair);
  return whittle_v_splat32(pair);
}

static inline whittle_v128 whittle_v_splat16(int16_t x) {
  const whittle_v128_s16 v = {{x, x, x, x, x, x, x, x}};
  return whittle_v_from16(v);
}

static inline whittle_v128 whittle_v_load_widened(const int8_t *from) {
  whittle_v128_s16 v;
  for (int i = 0; i < 8; ++i) v.lane[i] = from[i];
  return whittle_v_from16(v);
}

static inline void whittle_v_store_bytes(int8_t *to, whittle_v128 v) {
  const whittle_v128_s16 from = whittle_v_as16(v);
  for (int i = 0; i < 8; ++i) {
    to[i] = (int8_t)(from.lane[i] < -128 ? -128 : from.lane[i] > 127 ? 127 : from.lane[i]);
  }
}

static inline whittle_v128 whittle_v_widen_low_s8(whittle_v128 v) {
  int8_t bytes[16];
  memcpy(bytes, &v, sizeof v);
  return whittle_v_load_widened(bytes);
}

static inline whittle_v128 whittle_v_widen_high_s8(whittle_v128 v) {
  int8_t bytes[16];
  memcpy(bytes, &v, sizeof v);
  return whittle_v_load_widened(bytes + 8);
}

static inline whittle_v128 whittle_v_widen_low_s16(whittle_v128 v) {
  const whittle_v128_s16 from = whittle_v_as16(v);
  const whittle_v128 result = {{from.lane[0], from.lane[1], from.lane[2], from.lane[3]}};
  return result;
}

static inline whittle_v128 whittle_v_widen_high_s16(whittle_v128 v) {
  const whittle_v128_s16 from = whittle_v_as16(v);
  const whittle_v128 result = {{from.lane[4], from.lane[5], from.lane[6], from.lane[7]}};
  return result;
}

static inline whittle_v128 whittle_v_interleave_low16(whittle_v128 a, whittle_v128 b) {
  const whittle_v128_s16 x = whittle_v_as16(a), y = whittle_v_as16(b);
  const whittle_v128_s16 v = {
    {x.lane[0], y.lane[0], x.lane[1], y.lane[1], x.lane[2], y.lane[2], x.lane[3], y.lane[3]}};
  return whittle_v_from16(v);
}

static inline whittle_v128 whittle_v_interleave_high16(whittle_v128 a, whittle_v128 b) {
  const whittle_v128_s16 x = whittle_v_as16(a), y = whittle_v_as16(b);
  const whittle_v128_s16 v = {
    {x.lane[4], y.lane[4], x.lane[5], y.lane[5], x.lane[6], y.lane[6], x.lane[7], y.lane[7]}};
  return whittle_v_from16(v);
}

static inline whittle_v128 whittle_v_add16(whittle_v128 a, whittle_v128 b) {
  whittle_v128_s16 x = whittle_v_as16(a), y = whittle_v_as16(b);
  for (int i = 0; i < 8; ++i) x.lane[i] = (int16_t)(x.lane[i] + y.lane[i]);
  return whittle_v_from16(x);
}

static inline whittle_v128 whittle_v_add32(whittle_v128 a, whittle_v128 b) {
  for (int i = 0; i < 4; ++i) a.lane[i] = (int32_t)((uint32_t)a.lane[i] + (uint32_t)b.lane[i]);
  return a;
}

static inline whittle_v128 whittle_v_sub32(whittle_v128 a, whittle_v128 b) {
  for (int i = 0; i < 4; ++i) a.lane[i] = (int32_t)((uint32_t)a.lane[i] - (uint32_t)b.lane[i]);
  return a;
}

static inline whittle_v128 whittle_v_and32(whittle_v128 a, whittle_v128 b) {
  for (int i = 0; i < 4; ++i) a.lane[i] &= b.lane[i];
  return a;
}

static inline whittle_v128 whittle_v_xor32(whittle_v128 a, whittle_v128 b) {
  for (int i = 0; i < 4; ++i) a.lane[i] ^= b.lane[i];
  return a;
}

static inline whittle_v128 whittle_v_left32(whittle_v128 v, int32_t n) {
  for (int i = 0; i < 4; ++i) v.lane[i] = (int32_t)((uint32_t)v.lane[i] << n);
  return v;
}

static inline whittle_v128 whittle_v_right32(whittle_v128 v, int32_t n) {
  for (int i = 0; i < 4; ++i) v.lane[i] >>= n;
  return v;
}

static inline whittle_v128 whittle_v_dot(whittle_v128 a, whittle_v128 b) {
  const whittle_v128_s16 x = whittle_v_as16(a), y = whittle_v_as16(b);
  for (int i = 0; i < 4; ++i) {
    a.lane[i] = x.lane[2 * i] * y.lane[2 * i] + x.lane[2 * i + 1] * y.lane[2 * i + 1];
  }
  return a;
}

static inline whittle_v128 whittle_v_high_product(whittle_v128 a, whittle_v128 b) {
  for (int i = 0; i < 4; ++i) {
    a.lane[i] = (int32_t)(((int64_t)a.lane[i] * b.lane[i] + ((int64_t)1 << 31)) >> 32);
  }
  return a;
}

static inline whittle_v128 whittle_v_scale_down(whittle_v128 a, whittle_v128 b) {
  for (int i = 0; i < 4; ++i) a.lane[i] = (int32_t)(((int64_t)a.lane[i] * (int64_t)(uint32_t)b.lane[i]) >> 32);
  return a;
}

static inline whittle_v128 whittle_v_pack32(whittle_v128 a, whittle_v128 b) {
  whittle_v128_s16 v;
  for (int i = 0; i < 8; ++i) {
    const int32_t x = i < 4 ? a.lane[i] : b.lane[i - 4];
    v.lane[i] = (int16_t)(x < INT16_MIN ? INT16_MIN : x > INT16_MAX ? INT16_MAX : x);
  }
  return whittle_v_from16(v);
}

#endif
