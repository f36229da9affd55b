/* Counts every instruction by its address; regions are differences of those counts. */
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

void begin_region(void) {
  if (counts.region_open) counts.incomplete++;
  counts.region_open = true;
  for (Cell *cell = counts.cells; cell; cell = cell->next) cell->at_begin = counter_value(&cell->executed);
}

void end_region(void) {
  if (!counts.region_open) return;
  counts.region_open = false;
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
  for (size_t i = 0; i < length; i++) {
    struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, i);
    uint64_t address = qemu_plugin_insn_vaddr(instruction) & ~UINT64_C(1);
    Cell *cell = cell_at(address);
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
}
