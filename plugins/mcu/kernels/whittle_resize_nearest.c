#include "whittle_resize_nearest.h"

#include <string.h>

void whittle_resize_nearest(const whittle_resize_nearest_params *params, const uint16_t *rows,
                            const uint16_t *columns, const void *input, void *output) {
  const uint32_t pixel = params->pixel, line = params->input_width * pixel;
  const int8_t *from = input;
  int8_t *to = output;
  for (uint32_t n = params->batches; n > 0; --n, from += params->input_height * line) {
    for (uint32_t y = 0; y < params->output_height; ++y) {
      const int8_t *source = from + rows[y] * line;
      for (uint32_t x = 0; x < params->output_width; ++x, to += pixel) memcpy(to, source + columns[x] * pixel, pixel);
    }
  }
}
