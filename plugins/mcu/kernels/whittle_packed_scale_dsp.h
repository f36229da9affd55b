/*
 * A channel's multiplier and right shift in a word: 4 * (multiplier - 2^30) plus what the shift exceeds a base by, 0 to 3.
 */
#ifndef WHITTLE_PACKED_SCALE_DSP_H
#define WHITTLE_PACKED_SCALE_DSP_H

#include <stdint.h>

static inline int32_t whittle_packed_multiplier(uint32_t word) { return (int32_t)(word >> 2 | 0x40000000u); }

/* What the shift exceeds its base by. */
static inline uint32_t whittle_packed_excess(uint32_t word) { return word & 3u; }

#endif
