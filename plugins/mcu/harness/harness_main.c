#include "harness.h"

__attribute__((noinline)) void harness_begin(void) { __asm__ volatile("" ::: "memory"); }
__attribute__((noinline)) void harness_end(void) { __asm__ volatile("" ::: "memory"); }

static void transfer_in(const harness_case *each) {
  for (uint32_t i = 0; i < each->input_count; ++i) platform_read(each->inputs[i].data, each->inputs[i].bytes);
}

static void transfer_out(const harness_case *each) {
  for (uint32_t i = 0; i < each->output_count; ++i) platform_write(each->outputs[i].data, each->outputs[i].bytes);
}

int harness_paints;

int main(void) {
  for (uint32_t c = 0; c < harness_case_count; ++c) {
    const harness_case *each = &harness_cases[c];
    uint32_t inferences, passes, stack = 0;
    platform_read(&inferences, sizeof inferences);
    platform_read(&passes, sizeof passes);
    if (each->init) each->init();
    for (uint32_t i = 0; i < inferences; ++i) {
      transfer_in(each);
      harness_paints = i + 1 == inferences;
      if (i < passes) each->pass();
      else each->run();
      if (i + 1 == inferences) stack = platform_used_stack();
      transfer_out(each);
    }
    platform_write(&stack, sizeof stack);
  }
  return 0;
}
