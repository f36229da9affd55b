#ifndef WHITTLE_VECTOR_H
#define WHITTLE_VECTOR_H

/* Four floats, at any address of a float. */
typedef float whittle_f32x4 __attribute__((vector_size(16), aligned(4), may_alias));

/* For functions whose loops are unrolled by constant arguments. */
#define WHITTLE_INLINE static inline __attribute__((always_inline))

WHITTLE_INLINE whittle_f32x4 whittle_load4(const float *from) { return *(const whittle_f32x4 *)from; }

WHITTLE_INLINE void whittle_store4(float *to, whittle_f32x4 values) { *(whittle_f32x4 *)to = values; }

WHITTLE_INLINE whittle_f32x4 whittle_splat4(float value) {
  const whittle_f32x4 all = {value, value, value, value};
  return all;
}

#endif
