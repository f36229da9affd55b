#include "whittle_conv_patches_s8_mve.h"

#include "whittle_padded_rows_mve.h"

/* A patch's stretches may be written beyond their ends: what follows is written later. */
static inline void gather(const whittle_conv_patches_s8_mve_params *p, const int8_t *corner, uint32_t line,
                          int8_t *patch) {
  const uint32_t run = p->run;
  if (p->runs == 1 && run <= 16) {
    for (uint32_t ky = p->kernel_height; ky > 0; --ky, corner += line, patch += run) {
      whittle_copy_16_mve(patch, corner);
    }
    return;
  }
  for (uint32_t ky = p->kernel_height; ky > 0; --ky, corner += line) {
    const int8_t *from = corner;
    for (uint32_t r = p->runs; r > 0; --r, from += p->run_step, patch += run) {
      for (uint32_t i = 0; i < run; i += 16) whittle_copy_16_mve(patch + i, from + i);
    }
  }
}

void whittle_conv_patches_s8_mve(const whittle_conv_patches_s8_mve_params *params, const int8_t *input,
                                 const int8_t *stream, whittle_conv_tiles_s8_mve *tiles, int8_t *scratch,
                                 int8_t *output) {
  const whittle_conv_patches_s8_mve_params *const p = params;
  const uint32_t channels = p->input_channels;
  const uint32_t reached = p->window_columns > p->pad_left ? p->window_columns - p->pad_left : 0;
  const uint32_t columns = p->input_width < reached ? p->input_width : reached;
  int8_t *const patches = scratch;
  const whittle_padded_rows rows = {patches + p->patches * p->patch_bytes + 16,
                                    p->window_columns * channels,
                                    p->pad_left * channels,
                                    columns * channels,
                                    p->input_width * channels,
                                    (int32_t)p->input_height,
                                    (int8_t)p->input_zero_point};
  const whittle_conv_tiles_s8_mve_params tile = {0, p->output_channels, p->output_zero_point};
  const uint32_t line = p->dilation_height * rows.line;
  const uint32_t pixel = p->stride_width * channels;
  whittle_padded_rows_clear(&rows, p->window_rows);
  for (uint32_t n = p->batches; n > 0; --n, input += p->input_height * rows.image_line) {
    uint32_t kept = 0;
    uint32_t left = p->output_height * p->output_width; /* pixels without a patch */
    uint32_t gathered = 0;
    for (uint32_t y = 0; y < p->output_height; ++y) {
      whittle_padded_rows_load(&rows, input, (int32_t)(y * p->stride_height) - (int32_t)p->pad_top, kept,
                               p->stride_height, p->window_rows);
      kept = p->window_rows > p->stride_height ? p->window_rows - p->stride_height : 0;
      const int8_t *corner = rows.strip;
      for (uint32_t x = p->output_width; x > 0; --x, corner += pixel) {
        gather(p, corner, line, patches + gathered * p->patch_bytes);
        --left;
        if (++gathered < p->patches && left > 0) continue;
        tiles(&tile, patches, stream, output, gathered);
        output += gathered * p->output_channels;
        gathered = 0;
        if (left == 0 || left >= 4) continue;
        /* Too few are left for a tile: the last patches are taken again. */
        gathered = 4 - left;
        output -= gathered * p->output_channels;
        whittle_copy_mve(patches, patches + (p->patches - gathered) * p->patch_bytes, gathered * p->patch_bytes);
      }
    }
  }
}
