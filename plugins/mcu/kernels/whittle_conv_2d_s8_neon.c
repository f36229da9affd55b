/*
 * Input rows are copied to a strip with the padding around them filled with the zero point, so that every window lies in
 * memory as runs of consecutive bytes, at the same distances for all pixels.
 */
#include "whittle_conv_2d_s8_neon.h"

#include "whittle_strip_neon.h"

#define TILE 8

typedef struct {
  const whittle_conv_2d_s8_neon_params *p;
  const whittle_conv_tiles_neon_params *tile;
  const int32_t *run_offsets; /* of runs of `run` bytes, as they lie in the strip */
  uint32_t runs, run;
  int32_t step, line; /* bytes from an output's window to the next one's in its row, and in its column */
} geometry;

/* The runs of a window one behind the other. Copies go in 16 bytes, whose excess the next copy overwrites. */
static inline void gather(const geometry *g, const int8_t *window, int8_t *patch) {
  const uint32_t run = g->run;
  const int32_t *offset = g->run_offsets, *const end = offset + g->runs;
  for (; offset != end; patch += run) {
    const int8_t *from = window + *offset++;
    vst1q_s8(patch, vld1q_s8(from));
    for (uint32_t i = 16; i < run; i += 16) vst1q_s8(patch + i, vld1q_s8(from + i));
  }
}

/* `rows` rows of outputs, whose first window begins at `row`. */
static void convolve(const geometry *g, const int8_t *row, uint32_t rows, const int8_t *stream,
                     whittle_conv_tiles_neon *tiles, int8_t *patches, int8_t *output) {
  const uint32_t width = g->p->output_width, tile = g->p->tile_pixels, patch_bytes = g->p->patch_bytes;
  const int32_t step = g->step;
  const int8_t *at = row;
  uint32_t left_in_row = width;
  for (uint32_t left = rows * width; left > 0;) {
    const uint32_t count = left < tile ? left : tile;
    const int8_t *pixels[TILE];
    for (uint32_t i = 0; i < count; ++i) {
      pixels[i] = at;
      at += step;
      if (--left_in_row == 0) {
        left_in_row = width;
        at = row += g->line;
      }
    }
    for (uint32_t i = count; i < tile; ++i) pixels[i] = pixels[0];
    if (patch_bytes) {
      for (uint32_t i = 0; i < tile; ++i) {
        int8_t *const patch = patches + i * patch_bytes;
        gather(g, pixels[i], patch);
        pixels[i] = patch;
      }
    }
    tiles(g->tile, pixels, stream, output, count);
    output += count * g->p->output_channels;
    left -= count;
  }
}

void whittle_conv_2d_s8_neon(const whittle_conv_2d_s8_neon_params *params, const int8_t *input, const int8_t *stream,
                             whittle_conv_tiles_neon *tiles, void *scratch, int8_t *output) {
  const whittle_conv_2d_s8_neon_params *const p = params;
  const uint32_t image_line = (uint32_t)p->input_width * p->input_channels;
  const uint32_t width = (p->output_width - 1u) * p->stride_width + (p->kernel_width - 1u) * p->dilation_width + 1u;
  const uint32_t line = p->strip_rows ? width * p->input_channels : image_line;
  static const int32_t start[1] = {0};
  int32_t *const offsets = (int32_t *)scratch;
  geometry g;
  g.p = p;
  g.run_offsets = offsets;
  g.runs = 0;
  g.run = (uint32_t)p->kernel_width / p->columns * p->input_channels;
  g.step = p->stride_width * p->input_channels;
  g.line = (int32_t)(p->stride_height * line);
  for (uint32_t ky = 0; ky < p->kernel_height; ++ky) {
    for (uint32_t kx = 0; kx < p->columns; ++kx) {
      offsets[g.runs++] = (int32_t)(ky * p->dilation_height * line + kx * p->dilation_width * p->input_channels);
    }
  }
  const int gathers = p->patch_bytes > 0;
  const whittle_conv_tiles_neon_params tile = {
    gathers ? start : offsets, gathers ? 1 : g.runs, p->steps, p->output_channels, p->output_zero_point, p->min, p->max,
  };
  g.tile = &tile;
  int8_t *const patches = (int8_t *)(offsets + g.runs);
  int8_t *const strip_start = gathers ? patches + (p->tile_pixels * p->patch_bytes + 19u) / 4u * 4u : patches;
  const whittle_strip_neon strip = {
    p->input_height, image_line, p->pad_left * (uint32_t)p->input_channels, line, p->input_zero_point,
  };
  const uint32_t reach = (p->kernel_height - 1u) * p->dilation_height + 1u;
  const uint32_t pass = p->strip_rows ? p->strip_rows : p->output_height;

  for (uint32_t n = p->batches; n > 0; --n, input += p->input_height * image_line) {
    for (uint32_t row = 0; row < p->output_height; row += pass) {
      const uint32_t rows = p->output_height - row < pass ? p->output_height - row : pass;
      if (p->strip_rows) {
        const int32_t top = (int32_t)(row * p->stride_height) - p->pad_top;
        whittle_fill_strip_neon(&strip, input, top, (rows - 1) * p->stride_height + reach, strip_start);
      }
      convolve(&g, p->strip_rows ? strip_start : input, rows, stream, tiles, patches, output);
      output += rows * p->output_width * p->output_channels;
    }
  }
}
