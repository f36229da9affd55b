/*
 * Words of four channels are gathered from four neighbouring columns, row by row; de-interleaving them by fours then
 * gives each channel a line of its own, in which a window's bytes are consecutive.
 */
#include "whittle_depthwise_conv_2d_s8_mve.h"

#include "whittle_copy_mve.h"

void whittle_depthwise_conv_2d_s8_mve(const whittle_depthwise_conv_2d_s8_mve_params *params,
                                      const whittle_depthwise_lines_s8_mve_params *source,
                                      whittle_depthwise_lines_loader_s8_mve *load, const int8_t *input,
                                      const int8_t *stream, const whittle_depthwise_tiles_s8_mve_params *pair,
                                      whittle_depthwise_tiles_s8_mve *pairs,
                                      const whittle_depthwise_tiles_s8_mve_params *single,
                                      whittle_depthwise_tiles_s8_mve *singles, int8_t *scratch, int8_t *output) {
  const whittle_depthwise_conv_2d_s8_mve_params *const p = params;
  const uint32_t channels = p->channels, width = p->output_width, strips = (width + 1) / 2;
  const uint32_t four_lines = 16 * p->line_rows, strip_bytes = p->lines * four_lines;
  /* Rows above and below the image stay as they are. */
  whittle_fill_mve(scratch, (int8_t)p->input_zero_point, p->held ? strips * strip_bytes : strip_bytes);
  for (uint32_t n = p->batches; n > 0; --n, input += p->input_bytes, output += p->output_bytes) {
    const int8_t *constants = stream;
    for (uint32_t c = 0; c < channels; c += 4, constants += p->stream_bytes) {
      /* Either strips are loaded and then computed one by one, or all are loaded before the first is computed. */
      for (uint32_t i = 0; i < (p->held ? 2 * strips : strips); ++i) {
        const uint32_t strip = i < strips ? i : i - strips;
        int8_t *const lines = p->held ? scratch + strip * strip_bytes : scratch;
        const int alone = singles && 2 * strip + 1 == width;
        const uint32_t x = alone || 2 * strip + 1 < width ? 2 * strip : width - 2;
        if (i < strips) {
          const int32_t column = (int32_t)(x * p->stride_width) - (int32_t)p->pad_left;
          int8_t *const first = lines + 4 * p->pad_top;
          load(source, input + c, column, first);
          if (p->lines == 2 && !alone) {
            load(source, input + c, column + (int32_t)p->stride_width, first + four_lines);
          }
        }
        if (p->held && i < strips) continue;
        int8_t *const corner = output + x * channels + c;
        if (alone) {
          singles(single, lines, constants, corner);
        } else {
          pairs(pair, lines, constants, corner);
        }
      }
    }
  }
}
