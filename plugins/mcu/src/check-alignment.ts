import { WhittleError } from '@whittle/core';
import { parseDisassembly } from './cycles/instruction.js';
import { disassemble } from './disassemble.js';
import type { CountReport } from './instruction-count.js';
import type { Target } from './targets/index.js';

/**
 * Refuses accesses that were not aligned where the target faults, by an instruction that does: on ARMv6-M all, with Helium
 * those of its loads and stores. @throws TOOLCHAIN_FAILED naming the instructions
 */
export async function checkAlignment(
  target: Target,
  program: string,
  { unaligned }: CountReport,
): Promise<void> {
  if (!target.alignment || unaligned.size === 0) return;
  const instructions = parseDisassembly(await disassemble(target, program));
  const faults = [...unaligned].flatMap(([address, times]) => {
    const { mnemonic = '?', operands = '' } = instructions.get(address) ?? {};
    if (target.alignment === 'vectors' && !mnemonic.startsWith('v')) return [];
    return [`${mnemonic} ${operands} at 0x${address.toString(16)}, ${times} times`];
  });
  if (faults.length > 0)
    throw new WhittleError(
      'TOOLCHAIN_FAILED',
      `accesses that are not aligned, which fault on ${target.name}: ${faults.join('; ')}`,
    );
}
