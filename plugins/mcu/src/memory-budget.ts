import { displayName, WhittleError } from '@whittle/core';
import type { ModelSizes } from './measure-sizes.js';
import type { Program } from './program.js';
import { arenaBytesOf, weightBytesOf } from './program.js';

/** Bytes that a program may take of a device. */
export interface MemoryBudget {
  readonly ramBytes: number;
  readonly flashBytes: number;
}

/**
 * Checks that a model fits: RAM holds arena, other static data and the stack of an inference, flash holds weights, code and tables. What needs no
 * compiler to know is checked even without sizes.
 * @throws TARGET_TOO_SMALL saying by how much, and what takes the most
 */
export function checkBudget(
  program: Program,
  target: { readonly name: string },
  budget: MemoryBudget,
  sizes: ModelSizes | undefined,
): void {
  const ram = arenaBytesOf(program) + (sizes?.scratchBytes ?? 0) + (sizes?.worstStackBytes ?? 0);
  const flash = weightBytesOf(program) + (sizes?.flashBytes ?? 0);
  const problems = [
    ...excess('RAM', ram, budget.ramBytes, () => largestStep(program)),
    ...excess('flash', flash, budget.flashBytes, () => largestConstant(program)),
  ];
  if (problems.length > 0)
    throw new WhittleError(
      'TARGET_TOO_SMALL',
      `${program.model.name} doesn't fit on ${target.name}: ${problems.join('; ')}`,
    );
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
  const at = (step: number) =>
    buffers.reduce((sum, { first, last, bytes }) => sum + (first <= step && step <= last ? bytes : 0), 0);
  const needs = steps.map(({ name }, step) => ({ name: displayName(name), bytes: at(step) }));
  return `the most at ${listed(needs)}`;
}

function largestConstant({ constants }: Program): string {
  const tables = constants.map(({ symbol, data }) => ({ name: symbol, bytes: data.byteLength }));
  return `the largest tables: ${listed(tables)}`;
}

function listed(items: readonly { readonly name: string; readonly bytes: number }[]): string {
  const most = [...items].sort((a, b) => b.bytes - a.bytes).slice(0, LISTED);
  return most.map(({ name, bytes }) => `${name}: ${bytes}`).join(', ') || 'none';
}
