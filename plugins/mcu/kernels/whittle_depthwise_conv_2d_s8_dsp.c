/*
 * Four channels at a time go through the whole image. The last four begin early where there are fewer left: words are
 * read from within the pixel, and what belongs to channels that are done already is passed over.
 */
#include "whittle_depthwise_conv_2d_s8_dsp.h"

#include "whittle_packed_scale_dsp.h"
#include "whittle_pair.h"
#include "whittle_requantize.h"

#define GROUP 4

/* Two weights, times 2^lift. */
static inline int32_t lifted_pair(int32_t low, int32_t high, uint32_t lift) {
  return (int32_t)(((uint32_t)low << lift & 0xffffu) | (uint32_t)high << lift << 16);
}

/* A column's weights times 2^lift; their products with both halves of `minus` are added to the sum that is returned. */
static inline int32_t unpack_column(const int8_t *from, uint32_t lift, int32_t minus, int32_t sum, int32_t *to) {
  to[0] = lifted_pair(from[0], from[3], lift);
  to[1] = lifted_pair(from[3], from[6], lift);
  return whittle_mac_low_high(whittle_pair_mac(sum, minus, to[0]), minus, to[1]);
}

static inline int32_t load_bias(const int8_t *from, uint32_t bytes) {
  int16_t half;
  if (bytes == 4) return (int32_t)whittle_load_bytes(from);
  memcpy(&half, from, sizeof half);
  return half;
}

/*
 * The rounding half and the output zero point at the scale before the shift to the right. At a common shift, lift times
 * the products are as much finer as the half of the first rounding needs: without it that is SMMULR's.
 */
static inline int32_t nudge_of(const whittle_depthwise_conv_2d_s8_dsp_params *p, uint32_t shift, uint32_t lift) {
  const int32_t half = 2 * p->output_zero_point + 1;
  return p->common_shift > 0 ? half * (1 << (p->common_shift - 1)) + (1 << (lift - 2)) : half * (1 << shift);
}

/* Constants of all channels. */
typedef struct {
  const int8_t *weights;
  const void *bias;
  const uint32_t *multipliers;
  const uint8_t *shifts;
} packed;

/* Constants of `count` channels from `first` on. Apart, so that its stack is free when rows are computed. */
static WHITTLE_NOINLINE void unpack_channels(const whittle_depthwise_conv_2d_s8_dsp_params *p, uint32_t first,
                                             uint32_t count, const packed *from, whittle_depthwise_channel_dsp *to) {
  const int8_t *weights = from->weights + 9 * first, *bias = (const int8_t *)from->bias + p->bias_bytes * first;
  const uint32_t *scale = from->multipliers + p->channel_step * first;
  const uint8_t *base = from->shifts + p->shift_step * first;
  const int32_t minus = whittle_make_pair((int16_t)-p->input_zero_point, (int16_t)-p->input_zero_point);
  for (; count > 0; --count, ++to) {
    const uint32_t excess = whittle_packed_excess(*scale), shift = *base + excess;
    const uint32_t lift = p->common_shift > 0 ? p->common_shift - shift : 1;
    int32_t start = (int32_t)((uint32_t)load_bias(bias, p->bias_bytes) << lift);
    start = unpack_column(weights, lift, minus, start, to->weights);
    start = unpack_column(weights + 1, lift, minus, start, to->weights + 2);
    to->bias = unpack_column(weights + 2, lift, minus, start, to->weights + 4);
    to->multiplier = whittle_packed_multiplier(*scale);
    to->nudge = nudge_of(p, shift, lift);
    to->shift = (int32_t)shift + 1;
    weights += 9;
    bias += p->bias_bytes;
    scale += p->channel_step;
    base += p->shift_step;
  }
}

void whittle_depthwise_conv_2d_s8_dsp(const whittle_depthwise_conv_2d_s8_dsp_params *params,
                                      whittle_depthwise_rows_s8_dsp *rows, const int8_t *input, const int8_t *weights,
                                      const void *bias, const uint32_t *multipliers, const uint8_t *shifts,
                                      int32_t *scratch, int8_t *output) {
  const whittle_depthwise_conv_2d_s8_dsp_params *const p = params;
  const uint32_t channels = p->channels, left = p->pad_left;
  const uint32_t width = (p->output_width - 1u) * p->stride + 3u;
  const uint32_t slot_words = (width + 1u) / 2u * 2u * GROUP, slots_words = slot_words * (p->chunk + 1u);
  whittle_depthwise_channel_dsp *const constants = (whittle_depthwise_channel_dsp *)(scratch + slots_words);
  whittle_depthwise_rows_dsp_task task;
  const int32_t zero = whittle_make_pair(p->input_zero_point, p->input_zero_point);
  const packed source = {weights, bias, multipliers, shifts};
  for (uint32_t i = 0; i < slots_words; ++i) scratch[i] = zero;
  task.input_height = p->input_height;
  task.row_bytes = p->input_width * channels;
  task.pixel = channels;
  task.columns = p->input_width < width - left ? p->input_width : width - left;
  task.place = left / 2 * 32 + left % 2 * 4;
  task.padding = (uint8_t)p->input_zero_point * 0x01010101u;
  task.first_row = -p->pad_top;
  task.slot_bytes = 4 * slot_words;
  task.slots = scratch;
  task.chunk = p->chunk;
  task.constants = constants;
  task.output_row_bytes = p->output_width * channels;
  task.output_height = p->output_height;
  task.output_width = p->output_width;
  for (uint32_t n = p->batches; n > 0; --n) {
    for (uint32_t c = 0; c < channels; c += GROUP) {
      const uint32_t start = c + GROUP <= channels ? c : channels - GROUP;
      task.input = input + start;
      task.output = output + c;
      task.first = c - start;
      task.channels = GROUP - task.first;
      unpack_channels(p, c, task.channels, &source, constants);
      rows(&task);
    }
    input += p->input_height * task.row_bytes;
    output += p->output_height * task.output_row_bytes;
  }
}
