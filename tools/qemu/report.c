/* Reads the table of functions and writes the report; icnt.c describes both. */
#include <inttypes.h>
#include <string.h>

#include "icnt.h"

#define FORMAT_VERSION 1

typedef struct {
  char *name;
  uint64_t address, size, sum, last;
} Entry; /* a function; or a mnemonic, with address and size 0 */

typedef struct {
  Entry *items;
  size_t length, capacity;
} Entries;

static Entries functions;

static int by_address(const void *left, const void *right) {
  const Entry *a = left, *b = right;
  if (a->address != b->address) return a->address < b->address ? -1 : 1;
  return a->last < b->last ? -1 : a->last > b->last; /* `last` holds the line number while the file is read */
}

static int by_sum(const void *left, const void *right) {
  const Entry *a = left, *b = right;
  if (a->sum != b->sum) return a->sum > b->sum ? -1 : 1;
  return strcmp(a->name, b->name);
}

static int by_cell_address(const void *left, const void *right) {
  const Cell *a = *(Cell *const *)left, *b = *(Cell *const *)right;
  return a->address < b->address ? -1 : a->address > b->address;
}

static Entry *append(Entries *entries, Entry entry) {
  entries->items = grown(entries->items, entries->length, &entries->capacity, sizeof entry);
  entries->items[entries->length] = entry;
  return &entries->items[entries->length++];
}

bool read_functions(const char *path) {
  FILE *file = fopen(path, "r");
  if (!file) return false;
  char line[4096], name[4096], type;
  uint64_t line_number = 0;
  while (fgets(line, sizeof line, file)) {
    Entry entry = {.last = line_number++};
    if (sscanf(line, "%" SCNx64 " %" SCNx64 " %c %4095s", &entry.address, &entry.size, &type, name) != 4) continue;
    if (!strchr("tTwW", type)) continue;
    entry.address &= ~UINT64_C(1);
    entry.name = copy_of(name, strlen(name));
    append(&functions, entry);
  }
  fclose(file);
  if (functions.length) qsort(functions.items, functions.length, sizeof(Entry), by_address);
  size_t kept = 0;
  for (size_t i = 0; i < functions.length; i++) {
    Entry entry = functions.items[i];
    if (kept && functions.items[kept - 1].address == entry.address) continue;
    entry.last = 0;
    functions.items[kept++] = entry;
  }
  functions.length = kept;
  return true;
}

static Entry *function_at(uint64_t address) {
  size_t low = 0, high = functions.length;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (functions.items[middle].address <= address) low = middle + 1;
    else high = middle;
  }
  if (!low) return NULL;
  Entry *candidate = &functions.items[low - 1];
  return address - candidate->address < candidate->size ? candidate : NULL;
}

static Entry *mnemonic_named(Entries *entries, const char *name) {
  for (size_t i = 0; i < entries->length; i++)
    if (!strcmp(entries->items[i].name, name)) return &entries->items[i];
  return append(entries, (Entry){.name = (char *)name});
}

static void count_cell(Entry *entry, const Cell *cell) {
  entry->sum += cell->in_regions;
  entry->last += cell->in_last;
}

static void report_entries(const char *kind, Entries *entries) {
  if (entries->length) qsort(entries->items, entries->length, sizeof(Entry), by_sum);
  for (size_t i = 0; i < entries->length; i++) {
    const Entry *entry = &entries->items[i];
    if (entry->sum) fprintf(options.out, "%s %s %" PRIu64 " %" PRIu64 "\n", kind, entry->name, entry->sum, entry->last);
  }
}

static void report_functions(void) {
  Entry outside = {.name = "?"};
  for (Cell *cell = counts.cells; cell; cell = cell->next) {
    Entry *found = function_at(cell->address);
    count_cell(found ? found : &outside, cell);
  }
  append(&functions, outside);
  report_entries("function", &functions);
}

static void report_mnemonics(void) {
  Entries mnemonics = {0};
  for (Cell *cell = counts.cells; cell; cell = cell->next)
    if (cell->in_regions) count_cell(mnemonic_named(&mnemonics, cell->mnemonic ? cell->mnemonic : "?"), cell);
  report_entries("mnemonic", &mnemonics);
}

static void report_unaligned(void) {
  uint64_t sum = 0;
  size_t length = 0, capacity = 0;
  Cell **cells = NULL;
  for (Cell *cell = counts.cells; cell; cell = cell->next) {
    if (!cell->unaligned) continue;
    cells = grown(cells, length, &capacity, sizeof *cells);
    cells[length++] = cell;
    sum += cell->unaligned;
  }
  fprintf(options.out, "unaligned %" PRIu64 "\n", sum);
  if (length) qsort(cells, length, sizeof *cells, by_cell_address);
  for (size_t i = 0; i < length; i++)
    fprintf(options.out, "unaligned-at %" PRIx64 " %" PRIu64 "\n", cells[i]->address, cells[i]->unaligned);
  free(cells);
}

static void report_addresses(void) {
  for (Cell *cell = counts.cells; cell; cell = cell->next)
    for (size_t layer = 0; cell->layers && layer < layer_count(); layer++) {
      const LayerCount *count = &cell->layers[layer];
      if (count->executed)
        fprintf(options.out, "at %" PRIx64 " %zu %" PRIu64 " %" PRIu64 "\n", cell->address, layer, count->executed,
                count->taken);
    }
}

void write_report(void) {
  uint64_t total = 0;
  for (Cell *cell = counts.cells; cell; cell = cell->next) total += counter_value(&cell->executed);
  fprintf(options.out, "icnt %d\ntotal %" PRIu64 "\nregions %zu\nincomplete %" PRIu64 "\n", FORMAT_VERSION, total,
          counts.region_length, counts.incomplete);
  for (size_t i = 0; i < counts.region_length; i++)
    fprintf(options.out, "region %zu %" PRIu64 "\n", i, counts.regions[i]);
  if (options.mnemonics) report_mnemonics();
  if (options.functions_path) report_functions();
  if (options.alignment) report_unaligned();
  if (options.addresses) report_addresses();
  fprintf(options.out, "end\n");
  if (fflush(options.out) || ferror(options.out)) fprintf(stderr, "icnt: the report could not be written\n");
}
