import { displayName } from '@whittle/core';
import type {
  Program,
  ProgramArgument,
  ProgramBlock,
  ProgramCall,
  ProgramRows,
  ProgramStep,
} from '../program.js';
import { cFloat, cInteger } from './c-literals.js';
import { inComment } from './comment.js';
import type { PointerNames } from './pointer-names.js';

/** A step of `model.c`: what it computes, in words; its pointers; and its calls. */
export function stepText(
  { model }: Program,
  step: ProgramStep,
  index: number,
  pointers: PointerNames,
): string {
  const { nodes, descriptions, blocks } = step;
  const outputs = nodes.flatMap((node) => model.nodes[node].outputs);
  const declared = outputs.map((id) => pointers.declare(id));
  const note = blocks.length === 0 ? ' (a view)' : '';
  const titles = descriptions.map((text) => `  /* ${inComment(text)}${note} */\n`);
  const together =
    nodes.length > 1
      ? '  /* Computed together, stripe by stripe of rows: only the last one is there as a whole. */\n'
      : '';
  const hook = blocks.length === 0 ? '' : `  WHITTLE_LAYER(${index})\n`;
  const areas = pointers.declareAreas(step);
  const calls = blocks.map((each) => blockText(each, pointers));
  return [...titles, together, hook, ...declared, areas, ...calls].join('');
}

function blockText({ repeat, calls }: ProgramBlock, pointers: PointerNames): string {
  const margin = repeat === 1 ? '  ' : '    ';
  const lines = calls.map((call, i) => {
    const { rows } = call;
    const isNew = rows && (i === 0 || !isSame(rows, calls[i - 1].rows));
    return `${isNew ? `${margin}${rowsComment(rows)}` : ''}${callText(call, pointers, margin)}`;
  });
  return repeat === 1
    ? lines.join('')
    : `  for (int32_t i = 0; i < ${repeat}; ++i) {\n${lines.join('')}  }\n`;
}

function isSame(a: ProgramRows, b: ProgramRows | undefined): boolean {
  return a.id === b?.id && a.first === b.first && a.kept === b.kept;
}

function rowsComment({ id, first, count, stride, kept }: ProgramRows): string {
  const name = inComment(displayName(id));
  const row = (index: number) => `${index}${stride === 0 ? '' : stride === 1 ? ' + i' : ` + i * ${stride}`}`;
  const rows = count === 1 ? `row ${row(first)}` : `rows ${row(first)} to ${row(first + count - 1)}`;
  return kept ? `/* ${name}: keeps ${rows} for this stripe */\n` : `/* ${name}: ${rows} */\n`;
}

function callText({ kernel, arguments: args }: ProgramCall, pointers: PointerNames, margin: string): string {
  const texts = args.map((argument) => argumentText(argument, pointers));
  const lines: string[] = [];
  let line = `${margin}${kernel.name}(`;
  const indent = ' '.repeat(line.length);
  texts.forEach((text, i) => {
    const item = text + (i === texts.length - 1 ? ');' : ', ');
    if (line.length + item.trimEnd().length > 110) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += item;
  });
  return `${[...lines, line].join('\n')}\n`;
}

function argumentText(argument: ProgramArgument, pointers: PointerNames): string {
  switch (argument.kind) {
    case 'value':
      return pointers.at(argument);
    case 'arena':
      return pointers.inArena(argument);
    case 'constant':
      return argument.constant.symbol;
    case 'struct':
      return `&${argument.struct.symbol}`;
    case 'integer':
      return cInteger(argument.value);
    case 'float':
      return cFloat(argument.value);
    case 'function':
      return argument.kernel.name;
    case 'null':
      return '0';
  }
}
