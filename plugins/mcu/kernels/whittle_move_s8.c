#include "whittle_move_s8.h"

#include <string.h>

void whittle_move_s8(uint32_t count, const int8_t *from, int8_t *to) { memmove(to, from, count); }
