#include "whittle_conv_pixels_s8_dsp.h"

#include "whittle_conv_strip_dsp.h"

void whittle_conv_pixels_s8_dsp(const whittle_conv_2d_s8_dsp_params *params, const int8_t *image, uint32_t first,
                                uint32_t count, int32_t *strip) {
  const uint32_t channels = params->input_channels, pitch = params->pitch;
  const int32_t minus = whittle_minus_twice(params->input_zero_point);
  const int8_t *from = image + first * channels;
  for (; count > 0; --count, from += channels, ++strip) whittle_widen_units(from, channels, minus, strip, pitch);
}
