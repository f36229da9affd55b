#include "whittle_gather.h"

#include <string.h>

void whittle_gather(const whittle_gather_params *params, const void *input, const int32_t *indices, void *output) {
  const uint32_t chunk = params->chunk, last = params->entries - 1;
  const int8_t *from = (const int8_t *)input;
  int8_t *to = (int8_t *)output;
  for (uint32_t block = params->outer; block > 0; --block, from += params->entries * chunk) {
    for (uint32_t i = 0; i < params->count; ++i, to += chunk) {
      const int32_t index = indices[i];
      const uint32_t entry = index < 0 ? 0 : (uint32_t)index > last ? last : (uint32_t)index;
      memcpy(to, from + entry * chunk, chunk);
    }
  }
}
