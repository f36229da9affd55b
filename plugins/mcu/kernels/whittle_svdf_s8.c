/*
 * Each filter's row is shifted while its products are added up: what a step remembers is read once.
 */
#include "whittle_svdf_s8.h"

void whittle_svdf_s8(const whittle_svdf_params *params, const int8_t *input, const int8_t *features,
                     const int8_t *time, const int32_t *bias, const int8_t *state, int16_t *scratch,
                     int8_t *next, int8_t *output) {
  const whittle_svdf_params *const p = params;
  const uint32_t older = p->memory - 1;
  for (uint32_t batch = p->batches; batch > 0; --batch, input += p->inputs) {
    const int8_t *weights = features;
    const int8_t *factors = time;
    whittle_widen_for_dot_s8(scratch, input, p->inputs, p->input_zero_point);
    for (uint32_t unit = 0; unit < p->units; ++unit) {
      uint32_t sum = bias ? (uint32_t)bias[unit] : 0;
      for (uint32_t filter = p->rank; filter > 0; --filter, weights += p->inputs) {
        ++state;
        for (uint32_t step = older; step > 0; --step) {
          const int8_t value = *state++;
          *next++ = value;
          sum += (uint32_t)(*factors++ * (value - p->state_zero_point));
        }
        const int32_t newest = whittle_svdf_feature(p, scratch, weights, INT8_MIN, INT8_MAX);
        const int8_t value = (int8_t)(newest + p->state_zero_point);
        *next++ = value;
        sum += (uint32_t)(*factors++ * (value - p->state_zero_point));
      }
      *output++ = whittle_svdf_output(p, sum);
    }
  }
}
