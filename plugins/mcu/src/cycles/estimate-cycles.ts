import { WhittleError } from '@whittle/core';
import type { AddressCount } from '../instruction-count.js';
import type { CycleTable, Instruction } from './instruction.js';

/**
 * Cycles by layer for what was executed: an estimate from a table, for memory without wait states.
 * @throws TOOLCHAIN_FAILED for an executed address that the disassembly doesn't have
 */
export function estimateCycles(
  counts: readonly AddressCount[],
  instructions: ReadonlyMap<number, Instruction>,
  table: CycleTable,
): Map<number, number> {
  const layers = new Map<number, number>();
  for (const { address, layer, executed, taken } of counts) {
    const instruction = instructions.get(address);
    if (!instruction)
      throw new WhittleError(
        'TOOLCHAIN_FAILED',
        `executed address 0x${address.toString(16)} is not in the disassembly`,
      );
    const cost = table(instruction);
    layers.set(layer, (layers.get(layer) ?? 0) + executed * cost.cycles + taken * cost.taken);
  }
  return layers;
}
