#include "whittle_fully_connected_s8_armv6m.h"

#include "whittle_scaler_armv6m.h"

typedef whittle_fully_connected_s8_armv6m_params dense_params;

/* Part p of the inputs goes to every fourth byte from to[p] on; what is missing at the end is 0. */
static void interleave(const dense_params *p, const int8_t *from, int8_t *to) {
  uint32_t left = p->inputs;
  for (uint32_t part = 0; part < p->phases; ++part) {
    const uint32_t there = left < p->phase ? left : p->phase;
    int8_t *at = to + part;
    for (const int8_t *const end = from + there; from != end; at += 4) *at = *from++;
    for (uint32_t k = there; k < p->phase; ++k, at += 4) *at = 0;
    left -= there;
  }
}

static void sum_blocks(const dense_params *p, const int8_t *from, uint32_t *to) {
  const int8_t *const end = from + p->inputs;
  for (uint32_t block = p->phases * p->phase / 8; block > 0; --block) {
    int32_t sum = 0;
    if (end - from >= 8) {
      sum = from[0] + from[1] + from[2] + from[3] + from[4] + from[5] + from[6] + from[7];
      from += 8;
    } else {
      while (from != end) sum += *from++;
    }
    *to++ = (uint32_t)sum * (128u * 65537u) - 0x8000u;
  }
}

static int32_t sum_row(const int8_t *x, const int8_t *weights, uint32_t count, int32_t sum) {
  for (const int8_t *const end = x + count; x != end;) sum += *x++ * *weights++;
  return sum;
}

/* Outputs of the sums of channels first to end, 4 at most. */
static void put_outputs(const dense_params *p, const int32_t *multipliers, const int8_t *shifts, uint32_t first,
                        uint32_t end, const int32_t *sums, int8_t *output) {
  whittle_scaler_armv6m scaler;
  for (uint32_t o = first; o < end; ++o) {
    if (o == first || p->channel_step > 0) {
      const uint32_t at = o * p->channel_step;
      whittle_make_scaler_armv6m(&scaler, p->form, multipliers[at], shifts[at], p->output_zero_point);
    }
    output[o] = whittle_apply_scaler_armv6m(&scaler, p->form, *sums++);
  }
}

void whittle_fully_connected_s8_armv6m(const whittle_fully_connected_s8_armv6m_params *params, const int8_t *input,
                                       const uint32_t *weights, const int32_t *bias, const int32_t *multipliers,
                                       const int8_t *shifts, const uint16_t *splits, const int8_t *rest,
                                       void (*quad)(whittle_dense_quad_s8_armv6m_task *), uint32_t *scratch,
                                       int8_t *output) {
  const dense_params *const p = params;
  int8_t *const x = (int8_t *)scratch;
  uint32_t *const x_sums = scratch + p->phase;
  const uint32_t whole = p->outputs & ~3u;
  for (uint32_t n = p->batches; n > 0; --n, input += p->inputs, output += p->outputs) {
    interleave(p, input, x);
    sum_blocks(p, input, x_sums);
    int32_t last[3];
    for (uint32_t o = whole; o < p->outputs; ++o) {
      last[o - whole] = sum_row(input, rest + (o - whole) * p->inputs, p->inputs, bias[o]);
    }
    put_outputs(p, multipliers, shifts, whole, p->outputs, last, output);
    whittle_dense_quad_s8_armv6m_task task = {weights, splits, x, x_sums, p->phases, 4u * p->phase, {0, 0, 0, 0}};
    for (uint32_t o = 0; o < whole; o += 4) {
      task.sums[0] = bias[o];
      task.sums[1] = bias[o + 1];
      task.sums[2] = bias[o + 2];
      task.sums[3] = bias[o + 3];
      quad(&task);
      put_outputs(p, multipliers, shifts, o, o + 4, task.sums, output);
    }
  }
}
