#include "whittle_conv_2d_s8_mve.h"

#include "whittle_padded_rows_mve.h"

/* Rows of the image itself. */
static void convolve_inside(const whittle_conv_2d_s8_mve_params *p, const int8_t *input, const int8_t *stream,
                            whittle_conv_tiles_s8_mve *tiles, int8_t *output) {
  const uint32_t line = p->input_width * p->input_channels;
  const whittle_conv_tiles_s8_mve_params tile = {(int32_t)(p->dilation_height * line), p->output_channels,
                                                 p->output_zero_point};
  for (uint32_t n = p->batches; n > 0; --n, input += p->input_height * line) {
    const int8_t *row = input;
    for (uint32_t y = p->output_height; y > 0; --y, row += p->stride_height * line) {
      tiles(&tile, row, stream, output, p->output_width);
      output += p->output_width * p->output_channels;
    }
  }
}

void whittle_conv_2d_s8_mve(const whittle_conv_2d_s8_mve_params *params, const int8_t *input, const int8_t *stream,
                            whittle_conv_tiles_s8_mve *tiles, int8_t *scratch, int8_t *output) {
  const whittle_conv_2d_s8_mve_params *const p = params;
  if (p->strip_rows == 0) {
    convolve_inside(p, input, stream, tiles, output);
    return;
  }
  const uint32_t channels = p->input_channels;
  const uint32_t reached = p->window_columns > p->pad_left ? p->window_columns - p->pad_left : 0;
  const uint32_t columns = p->input_width < reached ? p->input_width : reached;
  const whittle_padded_rows rows = {scratch,
                                    p->window_columns * channels,
                                    p->pad_left * channels,
                                    columns * channels,
                                    p->input_width * channels,
                                    (int32_t)p->input_height,
                                    (int8_t)p->input_zero_point};
  const whittle_conv_tiles_s8_mve_params tile = {(int32_t)(p->dilation_height * rows.line), p->output_channels,
                                                 p->output_zero_point};
  const uint32_t whole = (p->strip_rows - 1) * p->stride_height + p->window_rows;
  const uint32_t distance = p->strip_rows * p->stride_height;
  whittle_padded_rows_clear(&rows, whole);
  for (uint32_t n = p->batches; n > 0; --n, input += p->input_height * rows.image_line) {
    uint32_t kept = 0;
    for (uint32_t y = 0; y < p->output_height; y += p->strip_rows) {
      const uint32_t left = p->output_height - y;
      const uint32_t count = left < p->strip_rows ? left : p->strip_rows;
      const uint32_t needed = (count - 1) * p->stride_height + p->window_rows;
      whittle_padded_rows_load(&rows, input, (int32_t)(y * p->stride_height) - (int32_t)p->pad_top,
                               kept < needed ? kept : needed, distance, needed);
      const int8_t *row = scratch;
      for (uint32_t r = count; r > 0; --r, row += p->stride_height * rows.line) {
        tiles(&tile, row, stream, output, p->output_width);
        output += p->output_width * p->output_channels;
      }
      kept = whole > distance ? whole - distance : 0;
    }
  }
}
