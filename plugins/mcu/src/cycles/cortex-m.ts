import { isOneOf, registersIn } from './instruction.js';
import type { CycleCost, CycleTable, Instruction } from './instruction.js';

/** Costs in which the cores differ. */
interface CoreCosts {
  /** LDR and its kin. */
  readonly load: number;
  readonly store: number;
  /** LDM, STM, LDRD, STRD, PUSH and POP: this and the cycles for so many registers. */
  readonly multiple: number;
  readonly registersPerCycle: number;
  /** More for a branch that is taken, and for BX, which always is. */
  readonly refill: number;
  /** The same for BL. */
  readonly linkRefill: number;
  readonly multiply: number;
  readonly multiplyAccumulate: number;
  readonly longMultiply: number;
  readonly divide: number;
}

const loads = ['ldr', 'ldrb', 'ldrh', 'ldrsb', 'ldrsh', 'ldrex'];
const stores = ['str', 'strb', 'strh'];
const multiples = ['ldm', 'ldmia', 'ldmdb', 'stm', 'stmia', 'stmdb', 'push', 'pop'];
const branches = ['b', 'cbz', 'cbnz', 'blx', 'bx', 'le', 'letp', 'wls', 'wlstp'];
const longMultiplies = ['smull', 'umull', 'smlal', 'umlal', 'umaal'];

function scalarCost({ mnemonic, operands }: Instruction, core: CoreCosts): CycleCost {
  const cost = (cycles: number, taken = 0): CycleCost => ({ cycles, taken });
  const toPc = /^pc\b|\bpc\}/.test(operands);
  const multiple = (registers: number) => core.multiple + Math.ceil(registers / core.registersPerCycle);
  if (isOneOf(mnemonic, ['ldrd', 'strd'])) return cost(multiple(2));
  if (isOneOf(mnemonic, multiples)) return cost(multiple(registersIn(operands)), toPc ? core.refill : 0);
  if (isOneOf(mnemonic, loads)) return cost(core.load, toPc ? core.refill : 0);
  if (isOneOf(mnemonic, stores)) return cost(core.store);
  if (isOneOf(mnemonic, branches)) return cost(1, core.refill);
  if (isOneOf(mnemonic, ['tbb', 'tbh'])) return cost(core.load, core.refill);
  if (isOneOf(mnemonic, ['bl'])) return cost(1, core.linkRefill);
  if (isOneOf(mnemonic, ['mul', 'muls'])) return cost(core.multiply);
  if (isOneOf(mnemonic, ['mla', 'mls'])) return cost(core.multiplyAccumulate);
  if (isOneOf(mnemonic, longMultiplies)) return cost(core.longMultiply);
  if (isOneOf(mnemonic, ['sdiv', 'udiv'])) return cost(core.divide);
  return cost(1, toPc ? core.refill : 0);
}

const scalarTable =
  (core: CoreCosts): CycleTable =>
  (instruction) =>
    scalarCost(instruction, core);

/** Cortex-M4 Technical Reference Manual, 3.3.1: multiplications of all kinds in a cycle. Loads are not taken to overlap. */
const m4: CoreCosts = {
  load: 2,
  store: 1,
  multiple: 1,
  registersPerCycle: 1,
  refill: 2,
  linkRefill: 2,
  multiply: 1,
  multiplyAccumulate: 1,
  longMultiply: 1,
  divide: 7,
};
export const cortexM4Cycles = scalarTable(m4);

/** Cortex-M0+ Technical Reference Manual, 3.3: with the multiplier of one cycle. It has no long multiplications, nor divisions. */
export const cortexM0plusCycles = scalarTable({ ...m4, store: 2, refill: 1 });

/** Cortex-M3 Technical Reference Manual, 3.3.1; the middle of what depends on data, refills of two cycles. */
export const cortexM3Cycles = scalarTable({ ...m4, multiplyAccumulate: 2, longMultiply: 4 });

/**
 * Cortex-M7: Arm publishes no timings; by measurements on boards, with memory that answers at once, two registers a cycle
 * for LDM and STM, and branches that are predicted. One instruction at a time: the core issues many in pairs.
 */
export const cortexM7Cycles = scalarTable({
  ...m4,
  load: 1,
  multiple: 0,
  registersPerCycle: 2,
  refill: 0,
  linkRefill: 0,
});

/** Cortex-M55: loads of a cycle but for LDM and LDRD, loop ends for free, two cycles a vector instruction (four beats, two at a time). */
export const cortexM55Cycles: CycleTable = (instruction) => {
  const { mnemonic, operands } = instruction;
  if (isOneOf(mnemonic.split('.')[0], ['le', 'letp'])) return { cycles: 0, taken: 0 };
  if (!mnemonic.startsWith('v')) return scalarCost(instruction, m55);
  if (/^v(ldr|str)/.test(mnemonic) && /\[[^\]]*, q\d/.test(operands))
    return { cycles: elementsOf(mnemonic), taken: 0 };
  if (/^v(ldm|stm|push|pop)/.test(mnemonic)) return { cycles: registersIn(operands), taken: 0 };
  // Of scalar registers alone: the floating-point unit's.
  return { cycles: /\bq\d/.test(operands) ? 2 : 1, taken: 0 };
};

const m55: CoreCosts = { ...m4, load: 1 };

/** Elements that a gather or scatter moves one by one: of 8 bits 16, of 16 bits 8, of 32 bits 4. */
function elementsOf(mnemonic: string): number {
  const bits = Number(/\.[sufi]?(\d+)/.exec(mnemonic)?.[1] ?? 32);
  return 128 / Math.max(8, bits);
}
