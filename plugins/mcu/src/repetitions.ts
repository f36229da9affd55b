import type { ProgramArgument, ProgramBlock, ProgramCall } from './program.js';

/** Lists of calls as blocks: neighbours that differ in nothing but evenly growing offsets become one repeated block. */
export function foldRepetitions(lists: readonly (readonly ProgramCall[])[]): ProgramBlock[] {
  const blocks: ProgramBlock[] = [];
  for (let i = 0; i < lists.length;) {
    const strides = i + 1 < lists.length ? stridesBetween(lists[i], lists[i + 1]) : undefined;
    let repeat = 1;
    if (strides)
      while (i + repeat < lists.length && followsBy(lists[i + repeat - 1], lists[i + repeat], strides))
        repeat++;
    blocks.push({ repeat, calls: repeat > 1 ? withStrides(lists[i], strides!) : lists[i] });
    i += repeat;
  }
  return blocks;
}

/** What is added to each argument's offset from one list to the next; nothing where they differ otherwise. */
function stridesBetween(a: readonly ProgramCall[], b: readonly ProgramCall[]): number[] | undefined {
  if (a.length !== b.length) return undefined;
  const strides: number[] = [];
  for (const [i, call] of a.entries()) {
    if (call.kernel.name !== b[i].kernel.name || call.arguments.length !== b[i].arguments.length)
      return undefined;
    for (const [k, argument] of call.arguments.entries()) {
      const stride = strideBetween(argument, b[i].arguments[k]);
      if (stride === undefined) return undefined;
      strides.push(stride);
    }
    const rows = rowsBetween(call, b[i]);
    if (rows === undefined) return undefined;
    strides.push(rows);
  }
  return strides;
}

function strideBetween(a: ProgramArgument, b: ProgramArgument): number | undefined {
  if (a.kind === 'value' && b.kind === 'value') return a.id === b.id ? b.offset - a.offset : undefined;
  if (a.kind === 'arena' && b.kind === 'arena')
    return a.area?.kind === b.area?.kind && a.area?.id === b.area?.id ? b.offset - a.offset : undefined;
  if (a.kind === 'constant' && b.kind === 'constant') return a.constant === b.constant ? 0 : undefined;
  if (a.kind === 'struct' && b.kind === 'struct') return a.struct === b.struct ? 0 : undefined;
  if (a.kind === 'function' && b.kind === 'function') return a.kernel.name === b.kernel.name ? 0 : undefined;
  if (a.kind === 'null' && b.kind === 'null') return 0;
  if ((a.kind === 'integer' || a.kind === 'float') && a.kind === b.kind)
    return a.value === b.value ? 0 : undefined;
  return undefined;
}

function rowsBetween({ rows: a }: ProgramCall, { rows: b }: ProgramCall): number | undefined {
  if (!a || !b) return a === b ? 0 : undefined;
  return a.id === b.id && a.count === b.count && a.kept === b.kept ? b.first - a.first : undefined;
}

function followsBy(
  a: readonly ProgramCall[],
  b: readonly ProgramCall[],
  strides: readonly number[],
): boolean {
  const found = stridesBetween(a, b);
  return found !== undefined && found.every((stride, i) => stride === strides[i]);
}

function withStrides(calls: readonly ProgramCall[], strides: readonly number[]): ProgramCall[] {
  let at = 0;
  return calls.map((call) => {
    const args = call.arguments.map((argument) => {
      const stride = strides[at++];
      return argument.kind === 'value' || argument.kind === 'arena' ? { ...argument, stride } : argument;
    });
    const stride = strides[at++];
    return { ...call, arguments: args, ...(call.rows && { rows: { ...call.rows, stride } }) };
  });
}
