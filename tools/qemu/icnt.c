/* icnt: counts the instructions that a program executes in QEMU, exactly, in marked regions.
 *
 * A TCG plugin for system and user emulation of one virtual CPU. Built by set-up into .cache/qemu/libicnt.so.
 *
 *   -plugin libicnt.so,begin=HEX,end=HEX,functions=FILE,mnemonics=on,alignment=on,addresses=on,layers=FILE,out=FILE
 *
 *   begin, end   addresses of two marker functions (both or neither; bit 0, the Thumb bit, is ignored). A region
 *                starts when the instruction at `begin` executes and ends when the one at `end` does; the former
 *                is counted, the latter is not. Regions may repeat; they do not nest. Without markers the whole
 *                run is one region.
 *   functions    a file of lines "ADDRESS SIZE TYPE NAME" (`nm -S`): counts by function. Of several names for one
 *                address the first counts; lines without a size are passed over.
 *   mnemonics    on: counts by mnemonic, as QEMU disassembles.
 *   alignment    on: counts loads and stores at addresses that are no multiple of their size (of 4 where that is
 *                larger), over the whole run. QEMU allows them where ARMv6-M faults.
 *   addresses    on: counts by instruction address and layer, of the last region.
 *   layers       a file of addresses, one a line: when the instruction at the i-th (from 0) executes, layer i + 1 begins,
 *                whatever layer it was before; a region begins in layer 0. The instruction at the address belongs to the
 *                layer that ends.
 *   out          the report; standard error if absent.
 *
 * The report has one fact a line, fields separated by one space, counts in decimal, addresses in hexadecimal:
 *
 *   icnt 1                          format version
 *   total N                         instructions of the whole run
 *   regions K                       regions that were begun and ended
 *   incomplete K                    regions that were begun but not ended before the next or before exit
 *   region I N                      instructions of region I, from 0, in order of execution
 *   mnemonic NAME SUM LAST          SUM over all regions, LAST of the last one; most frequent first
 *   function NAME SUM LAST          likewise; every function that executed, "?" for code outside all of them
 *   unaligned N                     with alignment=on
 *   unaligned-at ADDRESS N          each instruction that did it, by address
 *   at ADDRESS LAYER N TAKEN        with addresses=on: executed N times in that layer; TAKEN of them did not go on with
 *                                   the next address
 *   end                             the report is complete
 *
 * Counts are kept per instruction address, so code that is replaced at run time is counted under its first mnemonic.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "icnt.h"

EXPORT int qemu_plugin_version = ICNT_PLUGIN_API;

Options options;

void *checked(void *memory) {
  if (!memory) {
    fprintf(stderr, "icnt: out of memory\n");
    exit(1);
  }
  return memory;
}

void *grown(void *items, size_t length, size_t *capacity, size_t item_size) {
  if (length < *capacity) return items;
  *capacity = *capacity ? *capacity * 2 : 256;
  return checked(realloc(items, *capacity * item_size));
}

char *copy_of(const char *text, size_t length) {
  char *copy = checked(malloc(length + 1));
  memcpy(copy, text, length);
  copy[length] = '\0';
  return copy;
}

static bool parse_address(const char *text, uint64_t *address) {
  char *rest;
  *address = strtoull(text, &rest, 16) & ~UINT64_C(1);
  return *text && !*rest;
}

static bool parse_switch(const char *text, bool *value) {
  *value = !strcmp(text, "on");
  return *value || !strcmp(text, "off");
}

static bool parse_option(const char *argument, bool *has_begin, bool *has_end) {
  const char *value = strchr(argument, '=');
  if (!value) return false;
  size_t length = (size_t)(value++ - argument);
#define IS(name) (length == sizeof name - 1 && !memcmp(argument, name, length))
  if (IS("begin")) return *has_begin = parse_address(value, &options.begin);
  if (IS("end")) return *has_end = parse_address(value, &options.end);
  if (IS("mnemonics")) return parse_switch(value, &options.mnemonics);
  if (IS("alignment")) return parse_switch(value, &options.alignment);
  if (IS("addresses")) return parse_switch(value, &options.addresses);
  if (IS("layers")) return (options.layers_path = copy_of(value, strlen(value)));
  if (IS("functions")) return (options.functions_path = copy_of(value, strlen(value)));
  if (IS("out")) return (options.out_path = copy_of(value, strlen(value)));
#undef IS
  return false;
}

static void on_exit_of_emulator(qemu_plugin_id_t id, void *data) {
  (void)id, (void)data;
  if (!options.has_markers) end_region();
  else if (counts.region_open) counts.incomplete++;
  write_report();
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc, char **argv) {
  (void)info;
  bool has_begin = false, has_end = false;
  for (int i = 0; i < argc; i++)
    if (!parse_option(argv[i], &has_begin, &has_end)) {
      fprintf(stderr, "icnt: expected begin=HEX end=HEX functions=FILE mnemonics=on alignment=on addresses=on layers=FILE out=FILE, found %s\n", argv[i]);
      return 1;
    }
  if (has_begin != has_end) {
    fprintf(stderr, "icnt: begin and end go together, found only %s\n", has_begin ? "begin" : "end");
    return 1;
  }
  options.has_markers = has_begin;
  if (options.functions_path && !read_functions(options.functions_path)) {
    fprintf(stderr, "icnt: cannot read the functions in %s\n", options.functions_path);
    return 1;
  }
  if (options.layers_path && !read_layers(options.layers_path)) {
    fprintf(stderr, "icnt: cannot read the layers in %s\n", options.layers_path);
    return 1;
  }
  options.out = options.out_path ? fopen(options.out_path, "w") : stderr;
  if (!options.out) {
    fprintf(stderr, "icnt: cannot write the report to %s\n", options.out_path);
    return 1;
  }
  if (!options.has_markers) begin_region();
  qemu_plugin_register_vcpu_tb_trans_cb(id, count_block);
  qemu_plugin_register_atexit_cb(id, on_exit_of_emulator, NULL);
  return 0;
}
