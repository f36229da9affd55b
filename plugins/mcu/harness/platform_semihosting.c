/* Bare metal under an emulator or debugger that answers Arm semihosting calls. */
#include <stdint.h>

#include "harness.h"

enum { SYS_OPEN = 0x01, SYS_WRITE = 0x05, SYS_READ = 0x06, SYS_EXIT = 0x18 };
enum { MODE_READ_BINARY = 1, MODE_WRITE_BINARY = 5 };

#define PATTERN 0xa5c3f00du

extern uint32_t stack_limit[];

static uint32_t semihost(uint32_t operation, const uint32_t *block) {
  register uint32_t result __asm__("r0") = operation;
  register const uint32_t *argument __asm__("r1") = block;
  __asm__ volatile("bkpt 0xab" : "+r"(result) : "r"(argument) : "memory");
  return result;
}

static void fail(void) {
  register uint32_t operation __asm__("r0") = SYS_EXIT;
  register uint32_t reason __asm__("r1") = 0x20023u;
  __asm__ volatile("bkpt 0xab" : : "r"(operation), "r"(reason) : "memory");
  for (;;) {
  }
}

static uint32_t opened(const char *name, uint32_t length, uint32_t mode) {
  const uint32_t block[3] = {(uint32_t)(uintptr_t)name, mode, length};
  const uint32_t handle = semihost(SYS_OPEN, block);
  if (handle == UINT32_MAX) fail();
  return handle;
}

/* Both calls return the number of bytes that were left over. */
static void transfer(uint32_t operation, uint32_t handle, uintptr_t data, uint32_t bytes) {
  const uint32_t block[3] = {handle, (uint32_t)data, bytes};
  if (bytes > 0 && semihost(operation, block) != 0) fail();
}

void platform_read(void *data, uint32_t bytes) {
  static uint32_t handle = UINT32_MAX;
  if (handle == UINT32_MAX) handle = opened("inputs.bin", 10, MODE_READ_BINARY);
  transfer(SYS_READ, handle, (uintptr_t)data, bytes);
}

void platform_write(const void *data, uint32_t bytes) {
  static uint32_t handle = UINT32_MAX;
  if (handle == UINT32_MAX) handle = opened("outputs.bin", 11, MODE_WRITE_BINARY);
  transfer(SYS_WRITE, handle, (uintptr_t)data, bytes);
}

static uint32_t *stack_pointer(void) {
  uint32_t *pointer;
  __asm__ volatile("mov %0, sp" : "=r"(pointer));
  return pointer;
}

/* What the last painting covered. */
static uint32_t *painted_from, *painted_to;

/* As much as an inference may use: kernels keep their data in the arena. */
#define PAINTED_WORDS 16384

/* Left alone below the stack pointer: the compiler may read that before it saves registers there. Counts as used. */
#define MARGIN_WORDS 16

__attribute__((noinline)) void platform_paint_stack(void) {
  painted_to = stack_pointer();
  painted_from = painted_to - PAINTED_WORDS;
  if (painted_from < stack_limit) painted_from = stack_limit;
  for (volatile uint32_t *word = painted_from; word < painted_to - MARGIN_WORDS; ++word) *word = PATTERN;
}

__attribute__((noinline)) uint32_t platform_used_stack(void) {
  const volatile uint32_t *word = painted_from;
  while (word < painted_to - MARGIN_WORDS && *word == PATTERN) ++word;
  return (uint32_t)((uintptr_t)painted_to - (uintptr_t)word);
}
