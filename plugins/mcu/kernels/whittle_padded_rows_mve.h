/*
 * A strip of rows of an image, with the columns and rows around the image that windows reach filled in. Going down
 * the image, rows that are needed again move up.
 */
#ifndef WHITTLE_PADDED_ROWS_MVE_H
#define WHITTLE_PADDED_ROWS_MVE_H

#include <stdint.h>

#include "whittle_copy_mve.h"

typedef struct {
  int8_t *strip;      /* rows of `line` bytes */
  uint32_t line;      /* bytes of a row with its padding */
  uint32_t left;      /* bytes of padding before the image */
  uint32_t used;      /* bytes of an image row that windows reach */
  uint32_t image_line;
  int32_t image_rows;
  int8_t padding;
} whittle_padded_rows;

/* Fills the whole strip of `rows` with padding; later only what lies inside `used` changes. */
static inline void whittle_padded_rows_clear(const whittle_padded_rows *r, uint32_t rows) {
  whittle_fill_mve(r->strip, r->padding, rows * r->line);
}

/*
 * Makes the strip hold `count` image rows from row `first` on, of which the first `kept` lie `distance` rows further
 * down in it already.
 */
static inline void whittle_padded_rows_load(const whittle_padded_rows *r, const int8_t *image, int32_t first,
                                            uint32_t kept, uint32_t distance, uint32_t count) {
  if (kept > 0) whittle_copy_mve(r->strip, r->strip + distance * r->line, kept * r->line);
  int8_t *to = r->strip + kept * r->line + r->left;
  for (int32_t row = first + (int32_t)kept; row < first + (int32_t)count; ++row, to += r->line) {
    if (row >= 0 && row < r->image_rows) {
      whittle_copy_mve(to, image + (uint32_t)row * r->image_line, r->used);
    } else {
      whittle_fill_mve(to, r->padding, r->used);
    }
  }
}

#endif
