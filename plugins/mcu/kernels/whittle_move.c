#include "whittle_move.h"

#include <string.h>

void whittle_move(uint32_t count, const void *from, void *to) { memmove(to, from, count); }
