/*
 * The input is widened once, each four elements in the order 0 2 1 3 in which four weight bytes come apart as
 * two pairs. Then four rows of weights are walked together.
 */
#include "whittle_fully_connected_s8.h"

#include "whittle_pair.h"
#include "whittle_requantize.h"

/* Doubled distances from the zero point; the last `count` modulo 4 lie in their own order. */
static void widen_input(const int8_t *from, uint32_t count, int32_t zero_point, int16_t *to) {
  const uint32_t fours = count & ~3u;
  whittle_widen_shuffled(to, from, fours, zero_point);
  whittle_widen(to + fours, from + fours, count - fours, -2 * zero_point);
}

static int32_t sum_of(const int16_t *x, uint32_t count) {
  int32_t sum = 0;
  for (; count > 0; --count) sum += *x++;
  return sum;
}

static inline int32_t mac_four(int32_t sum, int32_t even, int32_t odd, const int8_t *weights) {
  const uint32_t bytes = whittle_load_bytes(weights);
  sum = whittle_pair_mac(sum, even, whittle_even_bytes(bytes));
  return whittle_pair_mac(sum, odd, whittle_odd_bytes(bytes));
}

static inline int8_t finish(const whittle_fully_connected_s8_params *p, int32_t sum, uint32_t output,
                            const int32_t *multipliers, const int8_t *shifts) {
  const uint32_t at = output * p->channel_step;
  const whittle_scaler scaler = whittle_make_scaler(multipliers[at], shifts[at], p->output_zero_point);
  return (int8_t)whittle_scale(&scaler, sum);
}

void whittle_fully_connected_s8(const whittle_fully_connected_s8_params *params, const int8_t *input,
                                const int8_t *weights, const int32_t *bias, const int32_t *multipliers,
                                const int8_t *shifts, int16_t *scratch, int8_t *output) {
  const whittle_fully_connected_s8_params *const p = params;
  const uint32_t inputs = p->inputs, outputs = p->outputs;
  for (uint32_t n = p->batches; n > 0; --n, input += inputs, output += outputs) {
    widen_input(input, inputs, p->input_zero_point, scratch);
    const int32_t start = p->weight_zero_point == 0 ? 0 : -p->weight_zero_point * sum_of(scratch, inputs);
    const int8_t *w0 = weights;
    uint32_t o = 0;
    for (; o + 4 <= outputs; o += 4, w0 += 3 * inputs) {
      const int8_t *w1 = w0 + inputs, *w2 = w1 + inputs, *w3 = w2 + inputs;
      int32_t s0 = start, s1 = start, s2 = start, s3 = start;
      if (bias) {
        s0 += 2 * bias[o];
        s1 += 2 * bias[o + 1];
        s2 += 2 * bias[o + 2];
        s3 += 2 * bias[o + 3];
      }
      const int16_t *x = scratch;
      uint32_t k = inputs;
      for (; k >= 4; k -= 4, x += 4, w0 += 4, w1 += 4, w2 += 4, w3 += 4) {
        const int32_t even = whittle_load_pair(x), odd = whittle_load_pair(x + 2);
        s0 = mac_four(s0, even, odd, w0);
        s1 = mac_four(s1, even, odd, w1);
        s2 = mac_four(s2, even, odd, w2);
        s3 = mac_four(s3, even, odd, w3);
      }
      for (; k > 0; --k) {
        const int32_t value = *x++;
        s0 += value * *w0++;
        s1 += value * *w1++;
        s2 += value * *w2++;
        s3 += value * *w3++;
      }
      output[o] = finish(p, s0, o, multipliers, shifts);
      output[o + 1] = finish(p, s1, o + 1, multipliers, shifts);
      output[o + 2] = finish(p, s2, o + 2, multipliers, shifts);
      output[o + 3] = finish(p, s3, o + 3, multipliers, shifts);
    }
    for (; o < outputs; ++o) {
      int32_t sum = bias ? start + 2 * bias[o] : start;
      const int16_t *x = scratch;
      uint32_t k = inputs;
      for (; k >= 4; k -= 4, x += 4, w0 += 4) {
        sum = mac_four(sum, whittle_load_pair(x), whittle_load_pair(x + 2), w0);
      }
      for (; k > 0; --k) sum += *x++ * *w0++;
      output[o] = finish(p, sum, o, multipliers, shifts);
    }
  }
}
