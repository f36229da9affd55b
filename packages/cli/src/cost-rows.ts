import type { RunCost } from '@whittle/core';

/** What is known of a program's cost. */
export type KnownCost = Partial<Omit<RunCost, 'layers' | 'functions'>>;

/** Sums over a device's memory, in bytes: what `--ram` and `--flash` of an export limit. */
export interface MemoryTotals {
  readonly totalRamBytes?: number;
  readonly totalFlashBytes?: number;
}

/** Arena, other static data and the most stack; weights, code and tables. What isn't known in full is left out. */
export function totalsOf(cost: KnownCost): MemoryTotals {
  const { arenaBytes, scratchBytes, worstStackBytes, flashBytes, weightBytes } = cost;
  const ram = sum(arenaBytes, scratchBytes, worstStackBytes);
  const flash = sum(flashBytes, weightBytes);
  return {
    ...(ram === undefined ? {} : { totalRamBytes: ram }),
    ...(flash === undefined ? {} : { totalFlashBytes: flash }),
  };
}

function sum(...terms: readonly (number | undefined)[]): number | undefined {
  return terms.every((term) => term !== undefined) ? terms.reduce((a, b) => a + b) : undefined;
}

const words = [
  ['instructions', 'instructions per inference'],
  ['estimatedCycles', 'cycles per inference, estimated'],
  ['arenaBytes', 'RAM: arena of tensors and scratch'],
  ['scratchBytes', 'RAM: other static data'],
  ['stackBytes', 'RAM: stack, measured'],
  ['worstStackBytes', 'RAM: stack, at most'],
  ['totalRamBytes', 'RAM in all, bytes'],
  ['weightBytes', 'flash: weights, biases, multipliers'],
  ['flashBytes', 'flash: code and tables'],
  ['totalFlashBytes', 'flash in all, bytes'],
] as const;

/** What is known of a cost, a row for each figure, in the words that every command uses. */
export function costRows(cost: KnownCost): [string, number][] {
  const known = { ...cost, ...totalsOf(cost) };
  // Without the call graph there is no stack of the program's own: emulation in user mode measures none.
  const shown = known.worstStackBytes === undefined ? { ...known, stackBytes: undefined } : known;
  return words.flatMap(([key, text]) => {
    const value = shown[key];
    return value === undefined ? [] : [[text, value] as [string, number]];
  });
}
