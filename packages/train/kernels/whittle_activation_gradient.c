#include "whittle_activation_gradient.h"

#include "whittle_vector.h"

typedef int32_t whittle_i32x4 __attribute__((vector_size(16), aligned(4), may_alias));

/* Elements of `values` where `chosen` is -1, zeros where it is 0. */
WHITTLE_INLINE whittle_f32x4 choose(whittle_i32x4 chosen, whittle_f32x4 values) {
  return (whittle_f32x4)(chosen & (whittle_i32x4)values);
}

WHITTLE_INLINE whittle_f32x4 gradient(whittle_f32x4 y, whittle_f32x4 dy, const whittle_activation activation) {
  const whittle_f32x4 zero = whittle_splat4(0.0f), one = whittle_splat4(1.0f);
  switch (activation) {
    case 0:
      return choose((whittle_i32x4)(y > zero), dy);
    case 1:
      return choose((whittle_i32x4)(y > zero) & (whittle_i32x4)(y < whittle_splat4(6.0f)), dy);
    case 2:
      return dy * (one + choose((whittle_i32x4)(y < zero), y));
    case 3:
      return dy * y * (one - y);
    default:
      return dy * (one - y * y);
  }
}

WHITTLE_INLINE void apply(int32_t count, const float *y, const float *dy, float *dx,
                          const whittle_activation activation) {
  int32_t i = 0;
  for (; i + 4 <= count; i += 4)
    whittle_store4(dx + i, gradient(whittle_load4(y + i), whittle_load4(dy + i), activation));
  for (; i < count; i++) dx[i] = gradient(whittle_splat4(y[i]), whittle_splat4(dy[i]), activation)[0];
}

void whittle_activation_gradient(whittle_activation activation, int32_t count, const float *y, const float *dy,
                                 float *dx) {
  switch (activation) {
    case 0:
      apply(count, y, dy, dx, 0);
      break;
    case 1:
      apply(count, y, dy, dx, 1);
      break;
    case 2:
      apply(count, y, dy, dx, 2);
      break;
    case 3:
      apply(count, y, dy, dx, 3);
      break;
    default:
      apply(count, y, dy, dx, 4);
      break;
  }
}
