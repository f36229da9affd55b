/*
 * Runs many models on many inputs in one program. The generated cases.c says which; platform_*.c does what differs
 * between machines.
 *
 * inputs.bin   for each case the number of inferences, and how many of them at the beginning are not counted, which only
 *              models with states have (32 bits each), then for each inference all inputs
 * outputs.bin  for each case all outputs of each inference, then the bytes of stack (32 bits) of the last one
 */
#ifndef HARNESS_H
#define HARNESS_H

#include <stdint.h>

typedef struct {
  void *data;
  uint32_t bytes;
} harness_port;

typedef struct {
  void (*run)(void);  /* one inference between harness_begin and harness_end */
  void (*init)(void); /* sets the states to their initial values; null where there are none, as the next */
  void (*pass)(void); /* one inference without the two */
  const harness_port *inputs, *outputs;
  uint32_t input_count, output_count;
} harness_case;

extern const harness_case harness_cases[];
extern const uint32_t harness_case_count;

/* What is executed between the two is counted. */
void harness_begin(void);
void harness_end(void);

/* Both end the program on failure. */
void platform_read(void *data, uint32_t bytes);
void platform_write(const void *data, uint32_t bytes);

/* Whether the next inference paints the stack first: so that no caller's frame counts. */
extern int harness_paints;

/* Fills the free stack with a pattern; afterwards tells how much of it was overwritten. */
void platform_paint_stack(void);
uint32_t platform_used_stack(void);

#endif
