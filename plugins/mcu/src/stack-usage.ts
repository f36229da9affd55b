import { WhittleError } from '@whittle/core';
import { parseDisassembly, registersIn } from './cycles/instruction.js';
import type { Instruction } from './cycles/instruction.js';

/** A function of a linked program, as far as the stack goes. */
interface StackFunction {
  readonly name: string;
  readonly address: number;
  /** Bytes that it takes by itself. */
  readonly frame: number;
  /** Addresses that it branches to outside of itself. */
  readonly calls: readonly number[];
  /** Whether it calls a function by pointer. */
  readonly indirect: boolean;
}

export interface StackQuestion {
  /** `objdump -d` of the linked program. */
  readonly disassembly: string;
  /** Bytes that the compiler says each C function takes (-fstack-usage); assembly is read from its pushes. */
  readonly frames: ReadonlyMap<string, number>;
  readonly root: string;
  /** Functions that are called by pointer. */
  readonly pointees: readonly string[];
}

/**
 * The most bytes of stack that a call of `root` can take: frames along the longest path of the call graph. A call by
 * pointer may go to any of `pointees`. For Arm's 32-bit instruction sets.
 * @throws TOOLCHAIN_FAILED for recursion, frames of variable size, and calls of functions that aren't there
 */
export function worstStack({ disassembly, frames, root, pointees }: StackQuestion): number {
  const functions = readFunctions(disassembly, frames);
  const byAddress = new Map(functions.map((each) => [each.address, each]));
  const byName = new Map(functions.map((each) => [each.name, each]));
  const named = (name: string): StackFunction => {
    const found = byName.get(name);
    if (!found) throw new WhittleError('TOOLCHAIN_FAILED', `the linked program has no function ${name}`);
    return found;
  };
  const depths = new Map<StackFunction, number>();
  const open = new Set<StackFunction>();
  const depth = (each: StackFunction): number => {
    const known = depths.get(each);
    if (known !== undefined) return known;
    if (open.has(each)) throw new WhittleError('TOOLCHAIN_FAILED', `${each.name} calls itself`);
    open.add(each);
    const callees = each.calls.flatMap((address) => byAddress.get(address) ?? []);
    if (each.indirect) callees.push(...pointees.map(named));
    const deepest = callees.reduce((most, callee) => Math.max(most, depth(callee)), 0);
    open.delete(each);
    depths.set(each, each.frame + deepest);
    return each.frame + deepest;
  };
  return depth(named(root));
}

/** Frames by function of `.su` files. @throws TOOLCHAIN_FAILED where one has no fixed size */
export function parseStackUsage(text: string): Map<string, number> {
  const frames = new Map<string, number>();
  for (const line of text.split('\n')) {
    const match = /:\d+:\d+:(\S+)\t(\d+)\t(\S+)$/.exec(line);
    if (!match) continue;
    const [, name, bytes, kind] = match;
    if (kind.startsWith('dynamic') && !kind.includes('bounded'))
      throw new WhittleError('TOOLCHAIN_FAILED', `${name} takes stack of variable size`);
    frames.set(name, Math.max(Number(bytes), frames.get(name) ?? 0));
  }
  return frames;
}

function readFunctions(disassembly: string, frames: ReadonlyMap<string, number>): StackFunction[] {
  const instructions = parseDisassembly(disassembly);
  const starts = [...disassembly.matchAll(/^([0-9a-f]+) <([^>]+)>:$/gm)].map(([, address, name]) => ({
    address: parseInt(address, 16),
    name,
  }));
  const sorted = [...instructions.values()].sort((a, b) => a.address - b.address);
  let at = 0;
  return starts.map(({ address, name }, i): StackFunction => {
    const end = starts[i + 1]?.address ?? Infinity;
    const body: Instruction[] = [];
    while (at < sorted.length && sorted[at].address < end) body.push(sorted[at++]);
    const outside = body.flatMap(branchTarget).filter((target) => target < address || target >= end);
    return {
      name,
      address,
      frame: frames.get(name) ?? body.reduce((sum, each) => sum + pushedBytes(each), 0),
      calls: outside,
      indirect: body.some((each) => callsByPointer(each, frames.has(name))),
    };
  });
}

/** BLX of a register; BX too in what the compiler made: a call at the end. In assembly it goes on elsewhere in the function. */
function callsByPointer({ mnemonic, operands }: Instruction, compiled: boolean): boolean {
  return (compiled ? /^(blx?|bx)/ : /^blx?/).test(mnemonic) && /^(r\d+|ip|sl|fp)$/.test(operands);
}

function branchTarget({ mnemonic, operands }: Instruction): number[] {
  if (!/^(bl?(eq|ne|cs|cc|hs|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)?|cbn?z)$/.test(mnemonic)) return [];
  const target = /(?:^|, )([0-9a-f]+)$/.exec(operands)?.[1];
  return target === undefined ? [] : [parseInt(target, 16)];
}

/** Bytes by which an instruction lowers the stack pointer. */
function pushedBytes({ address, mnemonic, operands }: Instruction): number {
  if (mnemonic === 'push' || (mnemonic === 'stmdb' && operands.startsWith('sp!')))
    return 4 * registersIn(operands);
  if (mnemonic === 'vpush') return (/\{d/.test(operands) ? 8 : 4) * registersIn(operands);
  if (/^subw?s?$/.test(mnemonic) && /^sp, (sp, )?(r\d|ip|sl|fp)/.test(operands))
    throw new WhittleError(
      'TOOLCHAIN_FAILED',
      `code at 0x${address.toString(16)} takes stack of variable size: ${mnemonic} ${operands}`,
    );
  const subtracted = /^sp, (?:sp, )?#(\d+)/.exec(operands)?.[1];
  if (/^subw?s?$/.test(mnemonic) && subtracted) return Number(subtracted);
  const stored = /\[sp, #-(\d+)\]!$/.exec(operands)?.[1];
  return stored ? Number(stored) : 0;
}
