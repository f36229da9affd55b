/* Counts every instruction by its address; regions are differences of those counts. */
#include <stdlib.h>
#include <string.h>

#include "icnt.h"

#define BUCKETS (1u << 16)
static Cell *buckets[BUCKETS];

Counts counts;

static Cell *cell_at(uint64_t address) {
  size_t bucket = (size_t)(((address >> 1) * 0x9e3779b97f4a7c15u) >> 48) % BUCKETS;
  for (Cell *cell = buckets[bucket]; cell; cell = cell->next_in_bucket)
    if (cell->address == address) return cell;
  Cell *cell = checked(calloc(1, sizeof *cell));
  cell->address = address;
  counter_init(&cell->executed);
  cell->next_in_bucket = buckets[bucket];
  buckets[bucket] = cell;
  cell->next = counts.cells;
  counts.cells = cell;
  return cell;
}

/* Where layers begin, in order; the layer that the open region is in. */
static uint64_t *layer_starts;
static size_t layer_length, layer_capacity, current_layer;

bool read_layers(const char *path) {
  FILE *file = fopen(path, "r");
  if (!file) return false;
  unsigned long long address;
  while (fscanf(file, "%llx", &address) == 1) {
    layer_starts = grown(layer_starts, layer_length, &layer_capacity, sizeof *layer_starts);
    layer_starts[layer_length++] = address & ~1ull;
  }
  const bool whole = feof(file);
  fclose(file);
  return whole;
}

size_t layer_count(void) { return layer_length + 1; }

static void start_layer(size_t layer) {
  current_layer = layer;
  for (Cell *cell = counts.cells; cell; cell = cell->next) {
    cell->at_switch = counter_value(&cell->executed);
    cell->taken_at_switch = cell->taken;
  }
}

/* Whether the counts by layer are still those of the region before. */
static bool layers_are_old;

static void clear_layers(void) {
  for (Cell *cell = counts.cells; cell; cell = cell->next)
    if (cell->layers) memset(cell->layers, 0, layer_count() * sizeof *cell->layers);
}

static void finish_layer(void) {
  if (layers_are_old) clear_layers();
  layers_are_old = false;
  for (Cell *cell = counts.cells; cell; cell = cell->next) {
    const uint64_t executed = counter_value(&cell->executed) - cell->at_switch;
    const uint64_t taken = cell->taken - cell->taken_at_switch;
    if (!executed && !taken) continue;
    if (!cell->layers) cell->layers = checked(calloc(layer_count(), sizeof *cell->layers));
    cell->layers[current_layer].executed += executed;
    cell->layers[current_layer].taken += taken;
  }
}

void begin_region(void) {
  if (counts.region_open) counts.incomplete++;
  counts.region_open = true;
  if (options.addresses) {
    layers_are_old = true;
    start_layer(0);
  }
  for (Cell *cell = counts.cells; cell; cell = cell->next) cell->at_begin = counter_value(&cell->executed);
}

void end_region(void) {
  if (!counts.region_open) return;
  counts.region_open = false;
  if (options.addresses) finish_layer();
  uint64_t count = 0;
  for (Cell *cell = counts.cells; cell; cell = cell->next) {
    cell->in_last = counter_value(&cell->executed) - cell->at_begin;
    cell->in_regions += cell->in_last;
    count += cell->in_last;
  }
  counts.regions = grown(counts.regions, counts.region_length, &counts.region_capacity, sizeof *counts.regions);
  counts.regions[counts.region_length++] = count;
}

/* The marker instructions are counted here rather than inline, so that what a region holds does not depend on the
 * order in which QEMU runs inline counts and callbacks. */
static void on_begin(unsigned vcpu, void *cell) {
  begin_region();
  counter_add(&((Cell *)cell)->executed, vcpu);
}

static void on_end(unsigned vcpu, void *cell) {
  end_region();
  counter_add(&((Cell *)cell)->executed, vcpu);
}

/* The marker of layer `layer` is about to execute; its own count is added inline, before or after this. */
static void on_layer(unsigned vcpu, void *layer) {
  (void)vcpu;
  if (!counts.region_open) return;
  finish_layer();
  start_layer((size_t)(uintptr_t)layer);
}

/* A block of instructions: QEMU runs it from its first to its last, unless an exception stops it. */
typedef struct {
  uint64_t start, end;
  Cell *last;
} Block;

static Block *previous_block;

static void on_block(unsigned vcpu, void *block) {
  (void)vcpu;
  if (previous_block && previous_block->end != ((Block *)block)->start) previous_block->last->taken++;
  previous_block = block;
}

static void on_access(unsigned vcpu, qemu_plugin_meminfo_t access, uint64_t address, void *cell) {
  (void)vcpu;
  unsigned shift = qemu_plugin_mem_size_shift(access);
  uint64_t mask = (1u << (shift < 2 ? shift : 2)) - 1;
  if (address & mask) ((Cell *)cell)->unaligned++;
}

static void remember_mnemonic(Cell *cell, struct qemu_plugin_insn *instruction) {
  char *text = qemu_plugin_insn_disas(instruction);
  if (!text) return;
  size_t length = strcspn(text, " \t");
  if (length) cell->mnemonic = copy_of(text, length);
  free(text);
}

void count_block(qemu_plugin_id_t id, struct qemu_plugin_tb *block) {
  (void)id;
  size_t length = qemu_plugin_tb_n_insns(block);
  Block *whole = options.addresses && length ? checked(calloc(1, sizeof *whole)) : NULL;
  for (size_t i = 0; i < length; i++) {
    struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, i);
    uint64_t address = qemu_plugin_insn_vaddr(instruction) & ~UINT64_C(1);
    Cell *cell = cell_at(address);
    if (whole && i == 0) whole->start = address;
    if (whole && i + 1 == length) {
      whole->last = cell;
      whole->end = address + qemu_plugin_insn_size(instruction);
    }
    for (size_t layer = 0; options.addresses && layer < layer_length; layer++)
      if (layer_starts[layer] == address)
        qemu_plugin_register_vcpu_insn_exec_cb(instruction, on_layer, QEMU_PLUGIN_CB_NO_REGS, (void *)(layer + 1));
    if (options.mnemonics && !cell->mnemonic) remember_mnemonic(cell, instruction);
    if (options.alignment)
      qemu_plugin_register_vcpu_mem_cb(instruction, on_access, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW, cell);
    if (options.has_markers && address == options.begin)
      qemu_plugin_register_vcpu_insn_exec_cb(instruction, on_begin, QEMU_PLUGIN_CB_NO_REGS, cell);
    else if (options.has_markers && address == options.end)
      qemu_plugin_register_vcpu_insn_exec_cb(instruction, on_end, QEMU_PLUGIN_CB_NO_REGS, cell);
    else
      counter_add_inline(&cell->executed, instruction);
  }
  if (whole) qemu_plugin_register_vcpu_tb_exec_cb(block, on_block, QEMU_PLUGIN_CB_NO_REGS, whole);
}
