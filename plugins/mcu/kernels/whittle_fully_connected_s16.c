#include "whittle_fully_connected_s16.h"

#include "whittle_linear_s16.h"

static int64_t sum_of(const int16_t *x, uint32_t count) {
  int64_t sum = 0;
  for (; count > 0; --count) sum += *x++;
  return sum;
}

void whittle_fully_connected_s16(const whittle_fully_connected_s16_params *params, const int16_t *input,
                                 const int8_t *weights, const int32_t *bias, const int32_t *bias_high,
                                 const int32_t *multipliers, const int8_t *shifts, int16_t *output) {
  const whittle_fully_connected_s16_params *const p = params;
  const whittle_linear_s16 layer = {
    weights, p->inputs,
    {bias, bias_high, multipliers, shifts, p->channel_step,
     {p->wide, p->output_zero_point, p->output_min, p->output_max}},
  };
  for (uint32_t n = p->batches; n > 0; --n, input += p->inputs, output += p->outputs) {
    const int64_t start = p->weight_zero_point == 0 ? 0 : -p->weight_zero_point * sum_of(input, p->inputs);
    whittle_linear_outputs(&layer, input, 0, p->outputs, start, output);
  }
}
