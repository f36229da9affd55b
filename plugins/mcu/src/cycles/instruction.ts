/** An instruction of a disassembled program. */
export interface Instruction {
  readonly address: number;
  /** Without a width suffix: `ldr` for ldr.w and ldr.n. */
  readonly mnemonic: string;
  readonly operands: string;
}

/** Cycles of an instruction, and those that it takes more when execution doesn't go on behind it. */
export interface CycleCost {
  readonly cycles: number;
  readonly taken: number;
}

/** What an instruction costs on a core, for an estimate: memory without wait states, nothing of stalls. */
export type CycleTable = (instruction: Instruction) => CycleCost;

const line = /^\s*([0-9a-f]+):\t[0-9a-f ]+\t(\S+)(?:\t([^@;<]*))?/;

/** Instructions of `objdump -d`, by address. */
export function parseDisassembly(text: string): Map<number, Instruction> {
  const instructions = new Map<number, Instruction>();
  for (const each of text.split('\n')) {
    const match = line.exec(each);
    if (!match) continue;
    const address = parseInt(match[1], 16);
    const mnemonic = match[2].replace(/\.[nw]$/, '');
    instructions.set(address, { address, mnemonic, operands: (match[3] ?? '').trim() });
  }
  return instructions;
}

/** How many registers a list like {r4, r5-r7, lr} names. */
export function registersIn(operands: string): number {
  const list = /\{([^}]*)\}/.exec(operands)?.[1] ?? '';
  return list.split(',').reduce((sum, part) => {
    const [from, to] = part.trim().split('-');
    if (from === '') return sum;
    return sum + (to === undefined ? 1 : numberOf(to) - numberOf(from) + 1);
  }, 0);
}

const aliases: Readonly<Record<string, number>> = { sl: 10, fp: 11, ip: 12, sp: 13, lr: 14, pc: 15 };

function numberOf(register: string): number {
  return aliases[register] ?? Number(register.slice(1));
}

const conditions = '(?:eq|ne|cs|cc|hs|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)?';

/** Whether a mnemonic is one of these, under any condition of an IT block. */
export function isOneOf(mnemonic: string, names: readonly string[]): boolean {
  return new RegExp(`^(?:${names.join('|')})${conditions}$`).test(mnemonic);
}
