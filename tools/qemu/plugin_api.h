/* The part of QEMU's TCG plugin interface that icnt uses, and a counter over it.
 *
 * Distributions ship QEMU without qemu-plugin.h, so the declarations are written here. ICNT_PLUGIN_API is the version
 * of the interface to build for: 1 up to QEMU 8, 2 from QEMU 9, where inline counting moved to scoreboards.
 */
#ifndef ICNT_PLUGIN_API_H
#define ICNT_PLUGIN_API_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#ifndef ICNT_PLUGIN_API
#define ICNT_PLUGIN_API 1
#endif

#define EXPORT __attribute__((visibility("default")))

typedef uint64_t qemu_plugin_id_t;
typedef uint32_t qemu_plugin_meminfo_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;

enum { QEMU_PLUGIN_CB_NO_REGS = 0 };
enum { QEMU_PLUGIN_MEM_RW = 3 };
enum { QEMU_PLUGIN_INLINE_ADD_U64 = 0 };

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *block, size_t index);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *instruction);
char *qemu_plugin_insn_disas(const struct qemu_plugin_insn *instruction);
unsigned qemu_plugin_mem_size_shift(qemu_plugin_meminfo_t access);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *instruction,
                                            void (*callback)(unsigned vcpu, void *data), int flags, void *data);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *instruction,
                                      void (*callback)(unsigned vcpu, qemu_plugin_meminfo_t access, uint64_t address,
                                                       void *data),
                                      int flags, int direction, void *data);
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
                                           void (*callback)(qemu_plugin_id_t id, struct qemu_plugin_tb *block));
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *block, void (*callback)(unsigned vcpu, void *data),
                                          int flags, void *data);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *instruction);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, void (*callback)(qemu_plugin_id_t id, void *data),
                                    void *data);

#if ICNT_PLUGIN_API == 1

typedef struct {
  uint64_t value;
} Counter;

void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *instruction, int operation, void *target,
                                                uint64_t amount);

static inline void counter_init(Counter *counter) { counter->value = 0; }
static inline uint64_t counter_value(const Counter *counter) { return counter->value; }
static inline void counter_add(Counter *counter, unsigned vcpu) {
  (void)vcpu;
  counter->value++;
}
static inline void counter_add_inline(Counter *counter, struct qemu_plugin_insn *instruction) {
  qemu_plugin_register_vcpu_insn_exec_inline(instruction, QEMU_PLUGIN_INLINE_ADD_U64, &counter->value, 1);
}

#else

struct qemu_plugin_scoreboard;
typedef struct {
  struct qemu_plugin_scoreboard *score;
  size_t offset;
} Counter;

struct qemu_plugin_scoreboard *qemu_plugin_scoreboard_new(size_t element_size);
void qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(struct qemu_plugin_insn *instruction, int operation,
                                                         Counter entry, uint64_t amount);
void qemu_plugin_u64_add(Counter entry, unsigned vcpu, uint64_t amount);
uint64_t qemu_plugin_u64_sum(Counter entry);

static inline void counter_init(Counter *counter) {
  counter->score = qemu_plugin_scoreboard_new(sizeof(uint64_t));
  counter->offset = 0;
}
static inline uint64_t counter_value(const Counter *counter) { return qemu_plugin_u64_sum(*counter); }
static inline void counter_add(Counter *counter, unsigned vcpu) { qemu_plugin_u64_add(*counter, vcpu, 1); }
static inline void counter_add_inline(Counter *counter, struct qemu_plugin_insn *instruction) {
  qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(instruction, QEMU_PLUGIN_INLINE_ADD_U64, *counter, 1);
}

#endif
#endif
