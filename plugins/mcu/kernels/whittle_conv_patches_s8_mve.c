#include "whittle_conv_patches_s8_mve.h"

#include "whittle_padded_rows_mve.h"

/* How windows become patches; a copy of parameters that stores to patches can't change. */
typedef struct {
  uint32_t kernel_height, runs, run, run_step;
  uint32_t line;  /* bytes from one kernel row to the next in the strip */
  uint32_t pixel; /* from the window of one output to that of the next */
  uint32_t patch;
} gathering;

/* A patch's stretches may be written beyond their ends: what follows is written later. */
static void gather_short_runs(gathering g, const int8_t *corner, uint32_t count, int8_t *to) {
  for (; count > 0; --count, corner += g.pixel, to += g.patch) {
    const int8_t *from = corner;
    int8_t *at = to;
    for (uint32_t ky = g.kernel_height; ky > 0; --ky, from += g.line, at += g.run) whittle_copy_16_mve(at, from);
  }
}

/* The same for three rows, which are what small images begin with. */
static void gather_three_runs(gathering g, const int8_t *corner, uint32_t count, int8_t *to) {
  const int8_t *second = corner + g.line, *third = second + g.line;
  for (; count > 0; --count, to += g.patch) {
    whittle_copy_16_mve(to, corner);
    whittle_copy_16_mve(to + g.run, second);
    whittle_copy_16_mve(to + 2 * g.run, third);
    corner += g.pixel;
    second += g.pixel;
    third += g.pixel;
  }
}

static void gather_any(gathering g, const int8_t *corner, uint32_t count, int8_t *to) {
  for (; count > 0; --count, corner += g.pixel, to += g.patch) {
    const int8_t *row = corner;
    int8_t *at = to;
    for (uint32_t ky = g.kernel_height; ky > 0; --ky, row += g.line) {
      const int8_t *from = row;
      for (uint32_t r = g.runs; r > 0; --r, from += g.run_step, at += g.run) {
        for (uint32_t i = 0; i < g.run; i += 16) whittle_copy_16_mve(at + i, from + i);
      }
    }
  }
}

/* Patches of `count` neighbouring outputs. */
static void gather(const gathering *g, const int8_t *corner, uint32_t count, int8_t *to) {
  if (g->runs > 1 || g->run > 16) {
    gather_any(*g, corner, count, to);
  } else if (g->kernel_height == 3) {
    gather_three_runs(*g, corner, count, to);
  } else {
    gather_short_runs(*g, corner, count, to);
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
  const gathering g = {p->kernel_height, p->runs, p->run, p->run_step, p->dilation_height * rows.line,
                       p->stride_width * channels, p->patch_bytes};
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
      for (uint32_t x = p->output_width; x > 0;) {
        const uint32_t room = p->patches - gathered, count = x < room ? x : room;
        gather(&g, corner, count, patches + gathered * p->patch_bytes);
        corner += count * g.pixel;
        x -= count;
        left -= count;
        gathered += count;
        if (gathered < p->patches && left > 0) continue;
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
