/*
 * The sum is nearly linear in both inputs, so one product each gives it but for rounding. Where that could show, which is
 * rare, it is computed exactly.
 */
#include "whittle_add_s8_armv6m.h"

#include "whittle_requantize.h"

static WHITTLE_NOINLINE int8_t exact_sum(const whittle_add_s8_armv6m_params *p, int32_t a, int32_t b) {
  const int32_t first = whittle_multiply((a - p->a_zero_point) * (1 << 20), p->a_multiplier, p->a_shift);
  const int32_t second = whittle_multiply((b - p->b_zero_point) * (1 << 20), p->b_multiplier, p->b_shift);
  const int32_t sum = whittle_multiply(first + p->sign * second, p->output_multiplier, p->output_shift);
  return (int8_t)whittle_saturate_s8(sum + p->output_zero_point);
}

void whittle_add_s8_armv6m(const whittle_add_s8_armv6m_params *params, const whittle_broadcast *shape,
                           const int8_t *a, const int8_t *b,
                           uint32_t (*line)(const whittle_add_line_s8_armv6m_params *, uint32_t, const int8_t *,
                                            const int8_t *, int8_t *),
                           int8_t *output) {
  const uint32_t inner = shape->inner;
  whittle_broadcast_position at = {{0, 0, 0, 0}, 0, 0};
  do {
    const int8_t *const first = a + at.a, *const second = b + at.b;
    whittle_add_line_s8_armv6m_params terms = params->line;
    /* An input that is repeated along the line is part of the base. */
    const int8_t *first_end = first + inner, *second_end = second + inner;
    if (shape->a_step == 0) {
      terms.base += *first * terms.a_factor;
      terms.a_factor = 0;
      first_end = second_end;
    }
    if (shape->b_step == 0) {
      terms.base += *second * terms.b_factor;
      terms.b_factor = 0;
      second_end = first_end;
    }
    output += inner;
    for (uint32_t left = inner; left > 0;) {
      left = line(&terms, left, first_end, second_end, output);
      if (left == 0) break;
      const uint32_t index = inner - left;
      output[-(int32_t)left] = exact_sum(params, first[index * shape->a_step], second[index * shape->b_step]);
      --left;
    }
  } while (whittle_broadcast_next(shape, &at));
}
