#include "whittle_fill_s8.h"

#include <string.h>

void whittle_fill_s8(int32_t value, uint32_t count, int8_t *output) { memset(output, value, count); }
