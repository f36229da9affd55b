import type { ModelCost, RunCost } from '@whittle/core';
import type { RuntimeScores } from '@whittle/testkit';
import { costRows } from './cost-rows.js';
import { formatTable } from './table.js';

/** A model at one stage of compression. */
export interface Stage extends Pick<ModelCost, 'parameters' | 'macs'> {
  readonly stage: string;
  /** 0 to 1. */
  readonly accuracy: number;
  readonly bytes: number;
}

/** A share as people read it: 98.65%. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(2)}%`;
}

/** For each stage accuracy, parameters, MACs and model bytes. */
export function stageTable(stages: readonly Stage[]): string {
  return formatTable({
    head: ['stage', 'accuracy', 'parameters', 'MACs', 'model bytes'],
    rows: stages.map((s) => [s.stage, percent(s.accuracy), s.parameters, s.macs, s.bytes]),
  });
}

/** How runtimes agree with the first of them, what an inference costs on those that are emulated, and what was left out. */
export function scoreTable({ scores, missing }: RuntimeScores): string {
  const [reference, ...others] = scores;
  return [
    ...others.map(
      ({ runtime, exact, agreement }) =>
        `${runtime}: ${exact ? 'every output identical to' : `same top-1 on ${percent(agreement)} as`} ${reference.runtime}`,
    ),
    ...scores.flatMap(({ runtime, cost }) => (cost ? [costTable(runtime, cost)] : [])),
    ...missing.map(({ runtime, reason }) => `left out: ${runtime}: ${reason}`),
  ].join('\n');
}

/** What one inference costs on a microcontroller, in bytes and executed instructions. */
export function costTable(target: string, cost: RunCost): string {
  return formatTable({ head: [target, ''], rows: costRows(cost) });
}
