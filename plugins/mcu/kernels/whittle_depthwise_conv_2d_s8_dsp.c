/*
 * Four channels at a time go through the whole image. The last four begin early where there are fewer left: words are
 * read from within the pixel, and what belongs to channels that are done already is passed over.
 */
#include "whittle_depthwise_conv_2d_s8_dsp.h"

#include "whittle_pair.h"

#define GROUP 4

/* Two weights, times 2^lift. */
static inline int32_t lifted_pair(int32_t low, int32_t high, uint32_t lift) {
  return (int32_t)(((uint32_t)low << lift & 0xffffu) | (uint32_t)high << lift << 16);
}

static inline void unpack_weights(const int8_t *from, uint32_t lift, int32_t *to) {
  for (uint32_t x = 0; x < 3; ++x) {
    const int32_t top = from[x], middle = from[x + 3], bottom = from[x + 6];
    *to++ = lifted_pair(top, middle, lift);
    *to++ = lifted_pair(middle, bottom, lift);
  }
}

/*
 * The rounding half and the output zero point at the scale before the shift to the right. At a common shift, lift times
 * the products are as much finer as the half of the first rounding needs: without it that is SMMULR's.
 */
static inline int32_t nudge_of(const whittle_depthwise_conv_2d_s8_dsp_params *p, uint32_t shift, uint32_t lift) {
  const int32_t half = 2 * p->output_zero_point + 1;
  return p->common_shift > 0 ? half * (1 << (p->common_shift - 1)) + (1 << (lift - 2)) : half * (1 << shift);
}

void whittle_depthwise_conv_2d_s8_dsp(const whittle_depthwise_conv_2d_s8_dsp_params *params,
                                      whittle_depthwise_rows_s8_dsp *rows, const int8_t *input, const int8_t *weights,
                                      const int32_t *bias, const int32_t *multipliers, const uint8_t *shifts,
                                      int32_t *scratch, int8_t *output) {
  const whittle_depthwise_conv_2d_s8_dsp_params *const p = params;
  const uint32_t channels = p->channels, left = p->pad_left;
  const uint32_t width = (p->output_width - 1u) * p->stride + 3u;
  const uint32_t slot_words = (width + 1u) / 2u * 2u * GROUP, slots_words = slot_words * (p->chunk + 1u);
  whittle_depthwise_channel_dsp *const constants = (whittle_depthwise_channel_dsp *)(scratch + slots_words);
  whittle_depthwise_rows_dsp_task task;
  const int32_t zero = whittle_make_pair(p->input_zero_point, p->input_zero_point);
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
      for (uint32_t i = 0; i < task.channels; ++i) {
        whittle_depthwise_channel_dsp *const k = &constants[i];
        const uint32_t at = (c + i) * p->channel_step, shift = shifts[at];
        const uint32_t lift = p->common_shift > 0 ? p->common_shift - shift : 1;
        unpack_weights(weights + 9 * (c + i), lift, k->weights);
        k->bias = bias[c + i];
        k->multiplier = multipliers[at];
        k->nudge = nudge_of(p, shift, lift);
        k->shift = (int32_t)shift + 1;
      }
      rows(&task);
    }
    input += p->input_height * task.row_bytes;
    output += p->output_height * task.output_row_bytes;
  }
}
