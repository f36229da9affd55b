/*
 * Words of four channels are gathered from four neighbouring columns, row by row; de-interleaving them by fours then
 * gives each channel a line of its own, in which a window's bytes are consecutive.
 */
#include "whittle_depthwise_conv_2d_s8_mve.h"

#include <arm_mve.h>

static whittle_depthwise_tiles_s8_mve_params make_tile(const whittle_depthwise_conv_2d_s8_mve_params *p,
                                                       uint32_t columns) {
  whittle_depthwise_tiles_s8_mve_params tile = {{0}, {0}, 0, p->output_zero_point, 1, 0, 0, 0, 0, 0, 0, 0, 0};
  const uint32_t rows = 8 / columns, line = p->output_width * p->channels;
  for (uint32_t i = 0; i < 4; ++i) {
    tile.offsets[2 * i] = (uint16_t)(i * line);
    tile.offsets[2 * i + 1] = (uint16_t)(columns == 2 ? i * line + p->channels : (i + 4) * line);
  }
  for (uint32_t y = 0; y < p->kernel_height; ++y) {
    for (uint32_t x = 0; x < p->kernel_width; ++x) {
      tile.taps[4 * y + x] = (uint8_t)(y * p->kernel_width + x);
      tile.lanes |= 1u << (4 * y + x);
    }
  }
  const uint32_t rest = p->output_height % rows, back = rest > 0 ? rows - rest : 0;
  tile.window = p->kernel_height * p->kernel_width;
  tile.line_bytes = 4 * p->line_rows;
  tile.second_line = 4 * tile.line_bytes;
  tile.tile_step = rows * line;
  tile.whole = (p->output_height - rest) * line;
  tile.total = p->output_height * line;
  tile.line_back = back * p->stride_height * 4;
  tile.output_back = back * line;
  return tile;
}

/* Lines of four channels from column `column` of the image on. Rows of `words` above and below the image stay. */
static void load_lines(const whittle_depthwise_conv_2d_s8_mve_params *p, const int8_t *image, int32_t column,
                       int8_t *words, int8_t *lines) {
  const uint32_t step = p->input_width * p->channels;
  const int32x4_t columns = vaddq_n_s32(vreinterpretq_s32_u32(vidupq_n_u32(0, 1)), column);
  const mve_pred16_t inside = vcmpgeq_m_n_s32(columns, 0, vcmpltq_n_s32(columns, (int32_t)p->input_width));
  const uint32x4_t offsets = vreinterpretq_u32_s32(vmulq_n_s32(columns, (int32_t)p->channels));
  const int32x4_t padding = vreinterpretq_s32_s8(vdupq_n_s8((int8_t)p->input_zero_point));
  const int32x4_t border = vpselq_s32(vdupq_n_s32(0), padding, inside);
  const uint32_t below = p->line_rows > p->pad_top ? p->line_rows - p->pad_top : 0;
  int8_t *to = words + 16 * p->pad_top;
  for (uint32_t y = p->input_height < below ? p->input_height : below; y > 0; --y, image += step, to += 16) {
    const int32x4_t pixels = vldrwq_gather_offset_z_s32((const int32_t *)(const void *)image, offsets, inside);
    vstrwq_s32((int32_t *)(void *)to, vorrq_s32(pixels, border));
  }
  const uint32_t line = 4 * p->line_rows;
  for (const int8_t *const end = lines + line; lines != end; words += 64, lines += 16) {
    const int8x16x4_t four = vld4q_s8(words);
    vstrbq_s8(lines, four.val[0]);
    vstrbq_s8(lines + line, four.val[1]);
    vstrbq_s8(lines + 2 * line, four.val[2]);
    vstrbq_s8(lines + 3 * line, four.val[3]);
  }
}

void whittle_depthwise_conv_2d_s8_mve(const whittle_depthwise_conv_2d_s8_mve_params *params, const int8_t *input,
                                      const int8_t *stream, whittle_depthwise_tiles_s8_mve *pairs,
                                      whittle_depthwise_tiles_s8_mve *singles, int8_t *scratch, int8_t *output) {
  const whittle_depthwise_conv_2d_s8_mve_params *const p = params;
  const whittle_depthwise_tiles_s8_mve_params pair = make_tile(p, 2), single = make_tile(p, 1);
  const uint32_t strips = (p->output_width + 1) / 2, four_lines = 16 * p->line_rows;
  int8_t *const words = scratch, *const lines = scratch + four_lines;
  const int32x4_t padding = vreinterpretq_s32_s8(vdupq_n_s8((int8_t)p->input_zero_point));
  for (uint32_t i = 0; i < four_lines; i += 16) vstrwq_s32((int32_t *)(void *)(words + i), padding);
  const uint32_t input_bytes = p->input_height * p->input_width * p->channels;
  const uint32_t output_bytes = p->output_height * p->output_width * p->channels;
  for (uint32_t n = p->batches; n > 0; --n, input += input_bytes, output += output_bytes) {
    const int8_t *constants = stream;
    for (uint32_t c = 0; c < p->channels; c += 4, constants += p->stream_bytes) {
      /* Either strips are loaded and then computed one by one, or all are loaded before the first is computed. */
      for (uint32_t i = 0; i < strips * (1 + p->held); ++i) {
        const uint32_t strip = i < strips ? i : i - strips;
        const int last_alone = singles && strip == p->output_width / 2;
        const uint32_t x = last_alone ? p->output_width - 1 : 2 * strip + 1 < p->output_width ? 2 * strip : p->output_width - 2;
        int8_t *const at = lines + (p->held ? strip * p->lines * four_lines : 0);
        if (i < strips) {
          const int32_t column = (int32_t)(x * p->stride_width) - (int32_t)p->pad_left;
          load_lines(p, input + c, column, words, at);
          if (p->lines == 2 && !last_alone) {
            load_lines(p, input + c, column + (int32_t)p->stride_width, words, at + four_lines);
          }
          if (p->held) continue;
        }
        int8_t *const corner = output + x * p->channels + c;
        if (last_alone) {
          singles(&single, at, constants, corner);
        } else {
          pairs(&pair, at, constants, corner);
        }
      }
    }
  }
}
