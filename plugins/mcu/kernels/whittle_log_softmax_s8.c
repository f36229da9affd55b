/*
 * The logarithm of the sum of exponentials is that of a power of 2 and of a remainder, for which a quotient of two
 * polynomials around sqrt(sqrt(1/2)) is taken.
 */
#include "whittle_log_softmax_s8.h"

#include "whittle_fixed_point.h"

#define SUM_BITS 12          /* integer bits of the sum of exponentials */
#define OUTPUT_SHIFT 22      /* from Q5 to steps of 1/16 */
#define SQRT_HALF 1518500250 /* Q0, as those below */
#define FOURTH_ROOT_OF_HALF 1805811301
#define LOG_2 1488522236

static int32_t product(int32_t a, int32_t b) { return whittle_product(a, b); }

/* log(x) in Q5 of x from 1 on in Q12. */
static int32_t log_of_at_least_one(int32_t x) {
  const int32_t quarter = 1 << 23; /* Q6 */
  const int32_t zeros = whittle_leading_zeros((uint32_t)x);
  const int32_t headroom = whittle_leading_zeros((uint32_t)product(x, SQRT_HALF)) - 1;
  const int32_t top = whittle_saturating_shift(x, zeros - 1);
  const int32_t a = whittle_saturating_shift(product(top, SQRT_HALF), 1);
  const int32_t b = whittle_saturating_shift(x, headroom);
  const int32_t power_a = (SUM_BITS - zeros) * (1 << 25) + quarter;
  const int32_t power_b = (SUM_BITS - headroom) * (1 << 25) - quarter;
  const int32_t remainder = a < b ? a : b;
  const int32_t power = power_a > power_b ? power_a : power_b;

  const int32_t mean = (int32_t)(((uint32_t)remainder + (uint32_t)FOURTH_ROOT_OF_HALF + 1u) / 2u);
  const int32_t distance = 2 * (remainder - FOURTH_ROOT_OF_HALF);
  const int32_t square = product(distance, distance);
  const int32_t numerator = product(distance, remainder) + product(product(distance, square), 117049297);
  const int32_t factor = 1057819769 + distance + product(127690142, square);
  const int32_t denominator = product(mean, factor) + product(638450708, distance);
  const int32_t fraction =
      product(whittle_rounding_shift(numerator, 6), whittle_one_over_one_plus(denominator));
  return whittle_saturating_shift(product(power, LOG_2) + fraction, 1);
}

/* Q5 of a difference within the radius. */
static int32_t scale_difference(const whittle_log_softmax_s8_params *p, int32_t below) {
  return product((int32_t)((uint32_t)below << p->shift), p->multiplier);
}

void whittle_log_softmax_s8(const whittle_log_softmax_s8_params *params, const int8_t *input, int8_t *output) {
  const uint32_t depth = params->depth;
  for (uint32_t row = params->rows; row > 0; --row, input += depth, output += depth) {
    int32_t largest = INT8_MIN;
    for (uint32_t i = 0; i < depth; ++i) largest = input[i] > largest ? input[i] : largest;
    int32_t sum = 0;
    for (uint32_t i = 0; i < depth; ++i) {
      const int32_t below = input[i] - largest;
      if (below >= -params->radius) {
        sum += whittle_rounding_shift(whittle_exp_on_negative(scale_difference(params, below)), SUM_BITS);
      }
    }
    const int32_t log = log_of_at_least_one(sum);
    /* Below this a difference from the logarithm would leave Q5. */
    const int32_t end = whittle_wrapping_add(log, INT32_MIN);
    const int32_t least = whittle_multiply(end, params->inverse_multiplier, params->inverse_shift);
    const int32_t lowest = least > -params->radius - 1 ? least : -params->radius - 1;
    for (uint32_t i = 0; i < depth; ++i) {
      const int32_t below = input[i] - largest;
      int32_t result = INT8_MIN;
      if (below > lowest) {
        const int32_t fine = scale_difference(params, below) - log;
        result = whittle_saturate_s8(whittle_rounding_shift(fine, OUTPUT_SHIFT) + INT8_MAX);
      }
      output[i] = (int8_t)result;
    }
  }
}
