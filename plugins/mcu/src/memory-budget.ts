import { WhittleError } from '@whittle/core';
import type { ModelSizes } from './measure-sizes.js';
import type { Program } from './program.js';
import { arenaBytesOf, displayStep, weightBytesByStep, weightBytesOf } from './program.js';

/** Bytes that a program may take of a device. */
export interface MemoryBudget {
  readonly ramBytes: number;
  readonly flashBytes: number;
}

/** Bytes that a program takes, as far as they are known. */
export interface MemoryNeeds {
  /** Arena, and where the code was measured other static data and the stack of an inference. */
  readonly ramBytes: number;
  /** Weights, and where the code was measured code and tables. */
  readonly flashBytes: number;
}

/** A program that was planned, with what it was made small for. */
export interface PlannedProgram {
  readonly optimize: string;
  readonly program: Program;
  /** Left out where there is no compiler. */
  readonly sizes?: ModelSizes;
}

/** What a program takes, without a compiler or with what it has said. */
export function needsOf(program: Program, sizes?: ModelSizes): MemoryNeeds {
  return {
    ramBytes: arenaBytesOf(program) + (sizes?.scratchBytes ?? 0) + (sizes?.worstStackBytes ?? 0),
    flashBytes: weightBytesOf(program) + (sizes?.flashBytes ?? 0),
  };
}

export function fitsBudget(needs: MemoryNeeds, budget: MemoryBudget): boolean {
  return needs.ramBytes <= budget.ramBytes && needs.flashBytes <= budget.flashBytes;
}

/** By how much a program is too large, in words; empty where it fits. */
export function describeExcess(needs: MemoryNeeds, budget: MemoryBudget): string {
  return [
    ...excess('RAM', needs.ramBytes, budget.ramBytes),
    ...excess('flash', needs.flashBytes, budget.flashBytes),
  ].join('; ');
}

function excess(memory: string, needed: number, available: number): string[] {
  return needed > available
    ? [`it needs ${needed} bytes of ${memory}, ${needed - available} more than the ${available} there are`]
    : [];
}

/**
 * The error where a program doesn't fit: by how much, what takes the most, whose limits these are, and what the same model
 * takes when it is optimized for something else.
 */
export function tooSmall(
  { program, sizes }: PlannedProgram,
  others: readonly PlannedProgram[],
  target: { readonly name: string },
  budget: MemoryBudget,
  /** Limits that nobody asked for. */
  defaults: readonly string[],
): WhittleError {
  const needs = needsOf(program, sizes);
  const overRam = needs.ramBytes > budget.ramBytes;
  const overFlash = needs.flashBytes > budget.flashBytes;
  const own = [...(overRam ? ['ram'] : []), ...(overFlash ? ['flash'] : [])].filter((name) =>
    defaults.includes(name),
  );
  const lines = [
    `${program.model.name} doesn't fit on ${target.name}: ${describeExcess(needs, budget)}`,
    ...(overRam ? [`RAM: ${largestSteps(program)}`] : []),
    ...(overFlash ? [`flash: ${largestWeights(program)}`, ...largestFunctions(sizes)] : []),
    ...(sizes ? [] : ['code and stack come on top: without the compiler they are not known']),
    ...own.map((name) => `the limit is ${target.name}'s default: --${name} sets another`),
    ...others.map((other) => describeOther(other, budget)),
  ];
  return new WhittleError('TARGET_TOO_SMALL', lines.join('\n  '));
}

function describeOther({ optimize, program, sizes }: PlannedProgram, budget: MemoryBudget): string {
  const needs = needsOf(program, sizes);
  const verdict = fitsBudget(needs, budget) ? 'fits' : "doesn't fit either";
  return `--optimize ${optimize} ${verdict}: ${needs.ramBytes} bytes of RAM, ${needs.flashBytes} of flash`;
}

/** Names listed in a message. */
const LISTED = 3;

function largestSteps({ buffers, steps }: Program): string {
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

function largestWeights(program: Program): string {
  const bytes = weightBytesByStep(program);
  const weights = program.steps.map((each, step) => ({ name: displayStep(each), bytes: bytes[step] }));
  return `weights, the most in ${listed(weights)}`;
}

function largestFunctions(sizes: ModelSizes | undefined): string[] {
  return sizes
    ? [`flash: ${sizes.flashBytes} bytes of code and tables, the most in ${listed(sizes.functions)}`]
    : [];
}

function listed(items: readonly { readonly name: string; readonly bytes: number }[]): string {
  const most = [...items].sort((a, b) => b.bytes - a.bytes).slice(0, LISTED);
  return most.map(({ name, bytes }) => `${name}: ${bytes}`).join(', ') || 'none';
}
