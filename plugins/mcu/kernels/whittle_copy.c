#include "whittle_copy.h"

#include <string.h>

static void copy_line(const whittle_copy_params *p, const int8_t *from, int8_t *to) {
  const int32_t in = p->input_strides[4], out = p->output_strides[4];
  if (p->chunk == 1) {
    for (uint32_t i = p->sizes[4]; i > 0; --i, from += in, to += out) *to = *from;
  } else {
    for (uint32_t i = p->sizes[4]; i > 0; --i, from += in, to += out) memcpy(to, from, p->chunk);
  }
}

void whittle_copy(const whittle_copy_params *params, const void *input, void *output) {
  const whittle_copy_params *const p = params;
  const int8_t *from = (const int8_t *)input + p->input_start;
  int8_t *to = (int8_t *)output + p->output_start;
  uint16_t index[4] = {0, 0, 0, 0};
  int32_t d;
  do {
    copy_line(p, from, to);
    for (d = 3; d >= 0; --d) {
      from += p->input_strides[d];
      to += p->output_strides[d];
      if (++index[d] < p->sizes[d]) break;
      from -= p->input_strides[d] * p->sizes[d];
      to -= p->output_strides[d] * p->sizes[d];
      index[d] = 0;
    }
  } while (d >= 0);
}
