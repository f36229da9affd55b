/* What the parts of icnt share: what was counted, and the names to report it by. */
#ifndef ICNT_H
#define ICNT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "plugin_api.h"

/* One instruction address and what it did so far. */
typedef struct Cell {
  uint64_t address;
  Counter executed;
  uint64_t at_begin;   /* executed when the open region began */
  uint64_t in_regions; /* over all ended regions */
  uint64_t in_last;    /* of the last ended region */
  uint64_t unaligned;
  uint64_t taken;          /* times that execution did not go on with the next address */
  uint64_t at_switch, taken_at_switch; /* when the current layer began */
  struct LayerCount *layers; /* NULL before the cell has executed in a region */
  char *mnemonic; /* NULL when not asked for */
  struct Cell *next_in_bucket;
  struct Cell *next;
} Cell;

/* What a cell did in one layer of the last region. */
typedef struct LayerCount {
  uint64_t executed, taken;
} LayerCount;

typedef struct {
  uint64_t begin, end; /* addresses of the markers */
  bool has_markers, mnemonics, alignment, addresses;
  const char *layers_path; /* NULL: one layer */
  const char *functions_path; /* NULL: no counts by function */
  const char *out_path;       /* NULL: standard error */
  FILE *out;
} Options;

typedef struct {
  Cell *cells; /* every address that was translated, in no order */
  uint64_t *regions;
  size_t region_length, region_capacity;
  uint64_t incomplete;
  bool region_open;
} Counts;

extern Options options;
extern Counts counts;

/* A new string of the first `length` characters of text. */
char *copy_of(const char *text, size_t length);
/* `items`, moved if needed so that another item fits after `length` of them; ends the emulator when memory is out. */
void *grown(void *items, size_t length, size_t *capacity, size_t item_size);
/* `memory`; ends the emulator when it is NULL. */
void *checked(void *memory);

/* counting.c */
void begin_region(void);
void end_region(void);
bool read_layers(const char *path);
size_t layer_count(void);
void count_block(qemu_plugin_id_t id, struct qemu_plugin_tb *block);

/* report.c */
bool read_functions(const char *path);
void write_report(void);

#endif
