import { displayName } from '@whittle/core';
import type { Backend, LayerCost, RunCost } from '@whittle/core';
import type { MemoryTotals } from '../cost-rows.js';
import { describeApart } from '../outputs-apart.js';
import type { OutputsApart } from '../outputs-apart.js';
import type { Ran } from '../run-of-file.js';
import type { RunOutput } from '../run-outputs.js';
import { formatTable } from '../table.js';
import { outputLines } from './describe-outputs.js';

/** One entry of `run --json`; costs are there for emulated targets only. */
export type RunEntry = RunAnswer | RunFailure;
export type RunAnswer = {
  readonly runtime: string;
  readonly ran: Ran;
  readonly outputCrc32: string;
  readonly outputs: readonly RunOutput[];
  readonly differs?: OutputsApart;
} & Partial<RunCost> &
  MemoryTotals;
interface RunFailure {
  readonly runtime: string;
  readonly error: { readonly code: string; readonly message: string };
}

/** What each ran, in words. */
const ranWords: Readonly<Record<Ran, string>> = {
  file: 'the file',
  tflite: 'a .tflite of the model',
  model: 'the model as read',
};

/** What rounding alone explains of a difference of floats, by the largest value. */
const FLOAT_ROUNDING = 1e-4;

export function describeDifference(description: string, entry: RunEntry): string[] {
  if ('error' in entry || !entry.differs) return [];
  const { runtime, differs, ran } = entry;
  return [`${describeApart(runtime, differs)} (${reasonOf(differs, ran) ?? `${runtime}: ${description}`})`];
}

/** Why floats differ, where they do. */
function reasonOf({ unit, relative = Infinity }: OutputsApart, ran: Ran): string | undefined {
  if (unit === 'steps') return undefined;
  if (relative <= FLOAT_ROUNDING) return 'the last bits of float32 sums depend on their order';
  const stored =
    ran === 'file' ? '; beside weights that a file stores as int8, activations are quantized' : '';
  return `more than the rounding of float32 sums${stored}`;
}

/** Where a program is larger than an export for the same target would let it be. */
export function overLimit(backend: Backend | undefined, entry: RunEntry): string[] {
  if (!backend?.memory || 'error' in entry) return [];
  const { totalRamBytes = 0, totalFlashBytes = 0 } = entry;
  const { ramBytes, flashBytes } = backend.memory;
  const over = [
    ...(totalRamBytes > ramBytes ? [`${bytes(totalRamBytes)} of RAM, more than the ${bytes(ramBytes)}`] : []),
    ...(totalFlashBytes > flashBytes
      ? [`${bytes(totalFlashBytes)} of flash, more than the ${bytes(flashBytes)}`]
      : []),
  ];
  return over.map((what) => `${entry.runtime}: it needs ${what} that an export allows unless told otherwise`);
}

const bytes = (count: number) => `${count.toLocaleString('en-US')} bytes`;

/** The answers in a table, remarks, and a table of layers for each runtime that knows them. */
export function describeRuns(
  { runs }: { readonly runs: readonly RunEntry[] },
  remarks: readonly string[],
): string {
  const answers = runs.flatMap((entry) => ('error' in entry ? [] : [entry]));
  const columns: readonly (readonly [string, (entry: RunAnswer) => string | number | undefined])[] = [
    ['runtime', ({ runtime }) => runtime],
    ['ran', ({ ran }) => ranWords[ran]],
    ['output CRC-32', ({ outputCrc32 }) => outputCrc32],
    ['instructions', ({ instructions }) => instructions],
    ['cycles, estimated', ({ estimatedCycles }) => estimatedCycles],
    ['arena', ({ arenaBytes }) => arenaBytes],
    // In user mode there is neither a stack of the program's own nor other data of it.
    ['other RAM', (entry) => ofBoard(entry, entry.scratchBytes)],
    ['stack', (entry) => ofBoard(entry, entry.stackBytes)],
    ['at most', ({ worstStackBytes }) => worstStackBytes],
    ['RAM in all', ({ totalRamBytes }) => totalRamBytes],
    ['weights', ({ weightBytes }) => weightBytes],
    ['code, tables', ({ flashBytes }) => flashBytes],
    ['flash in all', ({ totalFlashBytes }) => totalFlashBytes],
  ];
  // A column of zeros, as static data beside the arena mostly is, says nothing.
  const used = columns.filter(([, of]) => answers.some((entry) => (of(entry) ?? 0) !== 0));
  const summary = formatTable({
    head: used.map(([title]) => title),
    rows: answers.map((entry) => used.map(([, of]) => of(entry) ?? '-')),
  });
  const counted = answers.some(({ instructions }) => instructions !== undefined);
  const layered = answers.flatMap(({ runtime, layers }) => (layers ? [describeLayers(runtime, layers)] : []));
  return [
    summary,
    ...(counted ? ['instructions and cycles are those of the last input; RAM and flash in bytes'] : []),
    ...answers.flatMap(({ runtime, outputs }) => outputLines(runtime, outputs)),
    ...remarks,
    ...runs.flatMap((entry) =>
      'error' in entry ? [`${entry.runtime}: ${entry.error.code}, see below`] : [],
    ),
    ...layered,
  ].join('\n');
}

function ofBoard({ worstStackBytes }: RunAnswer, value: number | undefined): number | undefined {
  return worstStackBytes === undefined ? undefined : value;
}

function describeLayers(runtime: string, layers: readonly LayerCost[]): string {
  const timed = layers.some(({ estimatedCycles }) => estimatedCycles !== undefined);
  return formatTable({
    head: [
      `layer on ${runtime}`,
      'op',
      'MACs',
      'instructions',
      ...(timed ? ['estimated cycles'] : []),
      'weights',
    ],
    rows: layers.map(({ name, op, macs, instructions, estimatedCycles, weightBytes }) => [
      name.split(', ').map(displayName).join(', '),
      op,
      macs,
      instructions,
      ...(timed ? [estimatedCycles ?? '-'] : []),
      weightBytes,
    ]),
  });
}
