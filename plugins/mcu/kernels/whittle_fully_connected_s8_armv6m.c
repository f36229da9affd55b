/*
 * Whole fours of outputs go by the inner kernel, the last few outputs by plain sums.
 */
#include "whittle_fully_connected_s8_armv6m.h"

#include <stddef.h>

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

/* The output stage: its scaler is made once where all outputs share it. */
typedef struct {
  const dense_params *p;
  const int32_t *multipliers;
  const int8_t *shifts;
  whittle_scaler_armv6m scaler;
} stage;

static inline void make_scaler(stage *s, uint32_t output) {
  whittle_make_scaler_armv6m(&s->scaler, s->p->form, s->multipliers[output], s->shifts[output],
                             s->p->output_zero_point);
}

/* Outputs from the first on to the end, from their sums. */
static void put_outputs(stage *s, uint32_t first, uint32_t end, const int32_t *sums, int8_t *output) {
  for (uint32_t o = first; o < end; ++o) {
    if (s->p->channel_step > 0) make_scaler(s, o);
    output[o] = whittle_apply_scaler_armv6m(&s->scaler, s->p->form, *sums++);
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
  stage s;
  s.p = p;
  s.multipliers = multipliers;
  s.shifts = shifts;
  make_scaler(&s, 0);
  for (uint32_t n = p->batches; n > 0; --n, input += p->inputs, output += p->outputs) {
    interleave(p, input, x);
    sum_blocks(p, input, x_sums);
    int32_t last[3];
    for (uint32_t o = whole; o < p->outputs; ++o) {
      last[o - whole] = sum_row(input, rest + (o - whole) * p->inputs, p->inputs, bias[o]);
    }
    put_outputs(&s, whole, p->outputs, last, output);
    whittle_dense_quad_s8_armv6m_task task;
    task.weights = weights;
    task.splits = splits;
    task.x = x;
    task.x_sums = x_sums;
    task.phases = p->phases;
    task.phase_bytes = 4u * p->phase;
    task.scaler = p->channel_step > 0 ? NULL : &s.scaler;
    task.output = output;
    for (uint32_t o = 0; o < whole; o += 4) {
      task.sums[0] = bias[o];
      task.sums[1] = bias[o + 1];
      task.sums[2] = bias[o + 2];
      task.sums[3] = bias[o + 3];
      quad(&task);
      if (p->channel_step > 0) put_outputs(&s, o, o + 4, task.sums, output);
    }
  }
}
