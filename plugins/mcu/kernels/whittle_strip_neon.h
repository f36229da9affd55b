/*
 * Rows of an image copied with padding around them, for the *_neon kernels that slide windows over it.
 */
#ifndef WHITTLE_STRIP_NEON_H
#define WHITTLE_STRIP_NEON_H

#if defined(__aarch64__)

#include <arm_neon.h>
#include <stdint.h>
#include <string.h>

typedef struct {
  int32_t input_height;
  uint32_t image_line; /* bytes of a row of the image */
  uint32_t left;       /* bytes of padding before it in the strip; it is cut off where the strip's row ends */
  uint32_t line;       /* bytes of a row of the strip */
  int32_t zero_point;  /* what padding holds */
} whittle_strip_neon;

/* Fills `rows` rows of the strip from row `row` of the image on, which may lie outside. */
static inline void whittle_fill_strip_neon(const whittle_strip_neon *s, const int8_t *image, int32_t row, uint32_t rows,
                                           int8_t *strip) {
  const uint32_t left = s->left < s->line ? s->left : s->line;
  const uint32_t used = s->image_line < s->line - left ? s->image_line : s->line - left;
  for (; rows > 0; --rows, ++row, strip += s->line) {
    if (row < 0 || row >= s->input_height) {
      memset(strip, s->zero_point, s->line);
      continue;
    }
    const uint32_t right = s->line - left - used;
    if (left > 0) memset(strip, s->zero_point, left);
    memcpy(strip + left, image + (uint32_t)row * s->image_line, used);
    if (right > 0) memset(strip + left + used, s->zero_point, right);
  }
}

#endif

#endif
