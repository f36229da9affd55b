import type { RunCost } from '@whittle/core';
import { fileBytes, models, peerInstructions, peerMemory, publishedCycles } from './peer-figures.js';
import type { ModelName } from './peer-figures.js';
import { emulated, optimizations } from './target-costs.js';
import type { Optimization, TargetCosts } from './target-costs.js';

export const number = (value: number) => Math.round(value).toLocaleString('en-US');
const millions = (value: number) => (value / 1e6).toPrecision(3);
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('');

function compared(ours: number, peer: number): string {
  return ours <= peer ? `${(peer / ours).toFixed(2)}x fewer` : `${(ours / peer).toFixed(2)}x more`;
}

/** Instructions of ours and of peers. */
export function instructionTable(costs: TargetCosts): string {
  const rows = emulated.flatMap(({ name }) => {
    const ours = models.map((model) => costs.of(model, name, 'speed').instructions);
    const peer = peerInstructions[name];
    if (!peer) return [[`**${name}**`, 'Whittle', ...ours.map(number)]];
    const ratios = models.map((model, i) => `${number(ours[i])} (${compared(ours[i], peer[model])})`);
    return [
      [`**${name}**`, 'Whittle', ...ratios],
      ['', peer.engine, ...models.map((model) => number(peer[model]))],
    ];
  });
  return table(['target', 'engine', ...models], rows);
}

/** Our estimates. */
export function estimateTable(costs: TargetCosts): string {
  const rows = emulated.flatMap(({ name }) => {
    const cycles = models.map((model) => costs.of(model, name, 'speed').estimatedCycles);
    return cycles.some((value) => value === undefined)
      ? []
      : [[name, ...cycles.map((value) => millions(value!))]];
  });
  return table(['target', ...models], rows);
}

/** What others measured on boards. */
export function publishedTable(): string {
  const rows = publishedCycles.map(({ core, engine, ...cycles }) => [
    core,
    engine,
    ...models.map((model) => String(cycles[model])),
  ]);
  return table(['core', 'engine', ...models], rows);
}

/** Memory of one model, a row for each program: options that give the same one share it. */
export function memoryTable(costs: TargetCosts, model: ModelName): string {
  const rows = emulated
    .filter(({ name }) => !likeCortexM4(costs, name))
    .flatMap(({ name, emulator }) =>
      programs(costs, model, name).map(({ options, cost }) => {
        const { stackBytes, worstStackBytes, arenaBytes, scratchBytes, flashBytes, weightBytes } = cost;
        const most = emulator?.board ? (worstStackBytes ?? stackBytes) : undefined;
        return [
          name,
          options.join(', '),
          number(cost.instructions),
          number(arenaBytes),
          most === undefined ? '-' : `${number(stackBytes)} / ${number(most)}`,
          most === undefined ? '-' : number(arenaBytes + scratchBytes + most),
          number(flashBytes),
          number(weightBytes),
          number(flashBytes + weightBytes),
        ];
      }),
    );
  const { arena, stack, flash } = peerMemory;
  const peer = [
    'cortex-m4',
    'TFLite Micro + CMSIS-NN',
    number(peerInstructions['cortex-m4'][model]),
    number(arena[model]),
    number(stack[model]),
    number(arena[model] + stack[model]),
    number(flash[model]),
    `${number(fileBytes[model])} (the .tflite)`,
    number(flash[model] + fileBytes[model]),
  ];
  const head = [
    'target',
    '`--optimize`',
    'instructions',
    'arena',
    'stack, used / at most',
    'RAM in all',
    'code and tables',
    'weights',
    'flash in all',
  ];
  return table(head, [...rows, peer]);
}

interface OptimizedProgram {
  readonly options: Optimization[];
  readonly cost: RunCost;
}

function programs(costs: TargetCosts, model: ModelName, target: string): OptimizedProgram[] {
  const found: OptimizedProgram[] = [];
  for (const optimize of optimizations) {
    const cost = costs.of(model, target, optimize);
    const known = found.find((each) => isSame(each.cost, cost));
    if (known) known.options.push(optimize);
    else found.push({ options: [optimize], cost });
  }
  return found;
}

function isSame(a: RunCost, b: RunCost): boolean {
  return (['instructions', 'arenaBytes', 'flashBytes', 'weightBytes'] as const).every(
    (key) => a[key] === b[key],
  );
}

/** Whether another core takes what the Cortex-M4 takes, within a hundredth. */
export function likeCortexM4(costs: TargetCosts, target: string): boolean {
  const pairs = models.flatMap((model) =>
    optimizations.map((optimize) => [
      costs.of(model, target, optimize),
      costs.of(model, 'cortex-m4', optimize),
    ]),
  );
  const near = (a: number, b: number) => Math.abs(a - b) <= b / 100;
  return (
    target !== 'cortex-m4' &&
    pairs.every(([a, b]) =>
      (['instructions', 'arenaBytes', 'flashBytes', 'weightBytes'] as const).every((key) =>
        near(a[key], b[key]),
      ),
    )
  );
}
