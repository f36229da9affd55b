/*
 * Strips of input rows with their padding, eight channels at a time, the last eight over again where their number is no
 * multiple.
 */
#include "whittle_depthwise_3x3_s8_dotprod.h"

#include "whittle_strip_neon.h"

#define CHANNELS 8
#define KERNEL 3

void whittle_depthwise_3x3_s8_dotprod(const whittle_depthwise_3x3_s8_dotprod_params *params, const int8_t *input,
                                      const int8_t *weights, const int32_t *bias, const int32_t *multipliers,
                                      const int8_t *shifts, whittle_depthwise_pairs *pairs, int8_t *scratch,
                                      int8_t *output) {
  const whittle_depthwise_3x3_s8_dotprod_params *const p = params;
  const uint32_t all = p->channels, image_line = p->input_width * all, line = (p->output_width + KERNEL - 1u) * all;
  const whittle_strip_neon strip = {p->input_height, image_line, p->pad_left * all, line, p->input_zero_point};
  for (uint32_t n = p->batches; n > 0; --n, input += p->input_height * image_line) {
    for (uint32_t row = 0; row < p->output_height; row += p->strip_rows) {
      const uint32_t rows = p->output_height - row < p->strip_rows ? p->output_height - row : p->strip_rows;
      whittle_fill_strip_neon(&strip, input, (int32_t)row - p->pad_top, rows + KERNEL - 1, scratch);
      for (uint32_t next = 0; next < all; next += CHANNELS) {
        const uint32_t c = next + CHANNELS <= all ? next : all - CHANNELS;
        const whittle_depthwise_pairs_task task = {
          weights + c, bias + c, multipliers + c, shifts + c, all, line, rows, p->output_width, p->output_zero_point,
        };
        pairs(&task, scratch + c, output + c);
      }
      output += rows * p->output_width * all;
    }
  }
}
