/* Start of a program on a board: vectors, memory, then main. A fault ends the emulation with a failure. */
#include <stdint.h>

extern uint32_t data_load[], data_start[], data_end[], bss_start[], bss_end[], stack_top[];
int main(void);

/* Opens the console of newlib's semihosting library, where a program is linked with it. */
extern void initialise_monitor_handles(void) __attribute__((weak));

/* Arm semihosting: SYS_EXIT with "application exit" or "run-time error". */
static void leave(int success) {
  register uint32_t operation __asm__("r0") = 0x18;
  register uint32_t reason __asm__("r1") = success ? 0x20026u : 0x20023u;
  __asm__ volatile("bkpt 0xab" : : "r"(operation), "r"(reason) : "memory");
  for (;;) {
  }
}

static void fault(void) { leave(0); }

void reset(void) {
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
  /* Coprocessor access: full, for the floating-point and vector registers. */
  *(volatile uint32_t *)0xe000ed88u |= 0xfu << 20;
  __asm__ volatile("dsb\n\tisb" ::: "memory");
#endif
  uint32_t *from = data_load;
  for (uint32_t *to = data_start; to < data_end; ++to, ++from) *to = *from;
  for (uint32_t *to = bss_start; to < bss_end; ++to) *to = 0;
  if (initialise_monitor_handles) initialise_monitor_handles();
  leave(main() == 0);
}

typedef void (*handler)(void);

__attribute__((section(".vectors"), used)) static const struct {
  uint32_t *stack;
  handler reset, nmi, hard_fault, memory_fault, bus_fault, usage_fault;
} vectors = {stack_top, reset, fault, fault, fault, fault, fault};
