import type { RunResult, Tensor } from '@whittle/core';
import { firstDifference } from '@whittle/testkit';

/** How far the outputs of a runtime lie from those of another. */
export interface OutputsApart {
  /** The other runtime. */
  readonly from: string;
  /** Elements that differ, of how many over all inputs and outputs. */
  readonly count: number;
  readonly of: number;
  /** The largest difference: steps of an integer type, else absolute. */
  readonly largest: number;
  readonly unit: 'steps' | 'absolute';
  /** Of floats: the most that an output differs by its largest value; left out where that is no number. */
  readonly relative?: number;
}

/** Compares outputs of the same inputs; nothing where they are equal, or of other types. */
export function outputsApart(
  from: string,
  expected: RunResult['outputs'],
  found: RunResult['outputs'],
): OutputsApart | undefined {
  const pairs = expected.flat().map((tensor, i): [Tensor, Tensor] => [tensor, found.flat()[i]]);
  if (pairs.some(([a, b]) => a.dtype !== b.dtype || a.data.length !== b.data.length)) return undefined;
  const differences = pairs.flatMap(([a, b]) => firstDifference(a, b) ?? []);
  if (differences.length === 0) return undefined;
  const isFloat = pairs.every(([{ dtype }]) => dtype === 'float32');
  const relative = Math.max(...pairs.map(([a, b]) => relativeDifference(a, b)));
  return {
    from,
    count: differences.reduce((sum, { count }) => sum + count, 0),
    of: pairs.reduce((sum, [{ data }]) => sum + data.length, 0),
    largest: Math.max(...differences.map(({ largest }) => largest)),
    unit: isFloat ? 'absolute' : 'steps',
    ...(isFloat && Number.isFinite(relative) && { relative }),
  };
}

/** The largest difference by the largest value that is expected. */
function relativeDifference(expected: Tensor, found: Tensor): number {
  const largest = firstDifference(expected, found)?.largest ?? 0;
  if (largest === 0) return 0;
  return largest / Array.from(expected.data, Number).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}

/** The same in words. */
export function describeApart(
  runtime: string,
  { from, count, of, largest, unit, relative }: OutputsApart,
): string {
  const steps = unit === 'steps' ? (largest === 1 ? ' step' : ' steps') : '';
  const share = relative === undefined ? '' : `, ${short(relative)} of the largest value`;
  const by = `${short(largest)}${steps}${share}`;
  return `${runtime} differs from ${from} in ${count} of ${of} outputs, by at most ${by}; whittle compare --on ${from},${runtime} shows where`;
}

function short(value: number): number {
  return Number(value.toPrecision(4));
}
