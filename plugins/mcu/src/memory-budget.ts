import { WhittleError } from '@whittle/core';
import type { ModelSizes } from './measure-sizes.js';
import type { Program } from './program.js';
import { arenaBytesOf, displayStep, weightBytesByStep, weightBytesOf } from './program.js';

/** Bytes that a program may take of a device. */
export interface MemoryBudget {
  readonly ramBytes: number;
  readonly flashBytes: number;
}

/**
 * Checks that a model fits: RAM holds arena, other static data and the stack of an inference, flash holds weights, code and
 * tables. What needs no compiler to know is checked even without sizes.
 * @throws TARGET_TOO_SMALL saying by how much, and what takes the most
 */
export function checkBudget(
  program: Program,
  target: { readonly name: string },
  budget: MemoryBudget,
  sizes: ModelSizes | undefined,
): void {
  const { ram, flash } = needsOf(program, sizes);
  const problems = [
    ...excess('RAM', ram, budget.ramBytes, () => largestStep(program)),
    ...excess('flash', flash, budget.flashBytes, () => largestWeights(program, sizes)),
  ];
  if (problems.length > 0)
    throw new WhittleError(
      'TARGET_TOO_SMALL',
      `${program.model.name} doesn't fit on ${target.name}: ${problems.join('; ')}`,
    );
}

/** Whether a program may fit, as far as that is known without a compiler. */
export function fitsBudget(program: Program, { ramBytes, flashBytes }: MemoryBudget): boolean {
  const { ram, flash } = needsOf(program, undefined);
  return ram <= ramBytes && flash <= flashBytes;
}

function needsOf(program: Program, sizes: ModelSizes | undefined) {
  return {
    ram: arenaBytesOf(program) + (sizes?.scratchBytes ?? 0) + (sizes?.worstStackBytes ?? 0),
    flash: weightBytesOf(program) + (sizes?.flashBytes ?? 0),
  };
}

function excess(memory: string, needed: number, available: number, most: () => string): string[] {
  return needed > available
    ? [
        `it needs ${needed} bytes of ${memory}, ${needed - available} more than the ${available} there are (${most()})`,
      ]
    : [];
}

/** Names listed in a message. */
const LISTED = 3;

function largestStep({ buffers, steps }: Program): string {
  const needs = steps.map((each, step) => ({
    name: displayStep(each),
    bytes: coveredBytes(buffers.filter(({ first, last }) => first <= step && step <= last)),
  }));
  return `the most at ${listed(needs)}`;
}

/** Bytes of the arena that lie in some of the buffers, which may overlap. */
function coveredBytes(buffers: Program['buffers']): number {
  let sum = 0;
  let end = 0;
  for (const { offset, bytes } of [...buffers].sort((a, b) => a.offset - b.offset)) {
    sum += Math.max(0, offset + bytes - Math.max(offset, end));
    end = Math.max(end, offset + bytes);
  }
  return sum;
}

function largestWeights(program: Program, sizes: ModelSizes | undefined): string {
  const bytes = weightBytesByStep(program);
  const weights = program.steps.map((each, step) => ({ name: displayStep(each), bytes: bytes[step] }));
  const code = sizes ? [`; code and tables: ${sizes.flashBytes}, of that ${listed(sizes.functions)}`] : [];
  return `weights, the most in ${listed(weights)}${code.join('')}`;
}

function listed(items: readonly { readonly name: string; readonly bytes: number }[]): string {
  const most = [...items].sort((a, b) => b.bytes - a.bytes).slice(0, LISTED);
  return most.map(({ name, bytes }) => `${name}: ${bytes}`).join(', ') || 'none';
}
