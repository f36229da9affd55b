/*
 * sigmoid and tanh in 16 bits, bit-exact with TensorFlow Lite Micro's reference kernels: a table of sigmoid(i / 24)
 * in units of 2^-16, i from 0 to 255, between whose entries lines are drawn. Arguments come in steps of
 * 1 / (3 * 4096), results in units of 2^-15.
 */
#ifndef WHITTLE_INTERPOLATED_SIGMOID_H
#define WHITTLE_INTERPOLATED_SIGMOID_H

#include <stdint.h>

/* The table at index + part / 2^bits, times 2^bits; index 0 to 254. */
static inline int32_t whittle_sigmoid_between(const uint16_t *table, uint32_t index, uint32_t part, uint32_t bits) {
  const int32_t from = table[index], to = table[index + 1];
  return from * (1 << bits) + (int32_t)part * (to - from);
}

static inline uint32_t whittle_magnitude(int32_t x) { return x < 0 ? 0u - (uint32_t)x : (uint32_t)x; }

static inline int32_t whittle_interpolated_sigmoid(const uint16_t *table, int32_t x) {
  const uint32_t magnitude = whittle_magnitude(x), index = magnitude >> 9;
  const int32_t y =
      index >= 255 ? 0x7fff * (1 << 10) : whittle_sigmoid_between(table, index, magnitude & 511u, 9);
  return (x >= 0 ? y + 512 : (1 << 25) - y + 511) >> 10;
}

/* 2 sigmoid(2x) - 1. */
static inline int32_t whittle_interpolated_tanh(const uint16_t *table, int32_t x) {
  const uint32_t magnitude = whittle_magnitude(x), index = magnitude >> 8;
  const int32_t y =
      index >= 255 ? 0xffff * (1 << 8) : whittle_sigmoid_between(table, index, magnitude & 255u, 8);
  return (x >= 0 ? y - (1 << 23) + 128 : (1 << 23) - y + 127) >> 8;
}

#endif
