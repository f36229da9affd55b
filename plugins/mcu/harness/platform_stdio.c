/* Any machine with files. */
#include <stdio.h>
#include <stdlib.h>

#include "harness.h"

static FILE *opened(FILE **file, const char *name, const char *mode) {
  if (!*file) *file = fopen(name, mode);
  if (!*file) {
    perror(name);
    exit(1);
  }
  return *file;
}

static void fail(const char *what) {
  fprintf(stderr, "harness: %s\n", what);
  exit(1);
}

void platform_read(void *data, uint32_t bytes) {
  static FILE *file;
  if (fread(data, 1, bytes, opened(&file, "inputs.bin", "rb")) != bytes) fail("inputs.bin is too short");
}

void platform_write(const void *data, uint32_t bytes) {
  static FILE *file;
  const int written = fwrite(data, 1, bytes, opened(&file, "outputs.bin", "wb")) == bytes;
  /* Whoever watches the file sees how far the run is. */
  if (!written || fflush(file) != 0) fail("outputs.bin can't be written");
}

/* The stack is measured where it is scarce. */
void platform_paint_stack(void) {}
uint32_t platform_used_stack(void) { return 0; }
