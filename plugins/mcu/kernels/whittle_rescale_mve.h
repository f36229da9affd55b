/*
 * Rescaling of 32-bit sums as in whittle_requantize.h, four at a time by Helium.
 */
#ifndef WHITTLE_RESCALE_MVE_H
#define WHITTLE_RESCALE_MVE_H

#include <arm_mve.h>
#include <stdint.h>

/* A multiplier with a shift to the right: `shift` is -31 to 0, `sign` 1 if it is below 0, else 0. */
typedef struct {
  int32_t multiplier, shift, sign;
} whittle_rescale_mve;

static inline whittle_rescale_mve whittle_make_rescale_mve(int32_t multiplier, int32_t shift) {
  const whittle_rescale_mve scale = {multiplier, shift, shift < 0 ? 1 : 0};
  return scale;
}

/*
 * The rounding doubling high product, then the rounding shift. That rounds halves upward: -1 added for negative x,
 * as floor(x * sign / 2^31), turns it into halves away from zero.
 */
static inline int32x4_t whittle_apply_rescale_mve(int32x4_t x, whittle_rescale_mve scale) {
  const int32x4_t product = vqrdmulhq_n_s32(x, scale.multiplier);
  return vrshlq_n_s32(vqdmlahq_n_s32(product, x, scale.sign), scale.shift);
}

/* Saturated to int8, in the lowest byte of each lane; the other bytes are undefined. */
static inline int32x4_t whittle_saturate_mve(int32x4_t x) {
  /* The intrinsics would be copied around by GCC 12. */
  __asm__("vqmovnb.s32 %q0, %q0\n\tvqmovnb.s16 %q0, %q0" : "+w"(x));
  return x;
}

#endif
