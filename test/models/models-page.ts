import type { Conformance, Outcome } from './conform.js';
import { writtenOn } from './conform.js';
import type { CorpusModel } from './corpus.js';

/** A row of the table: a model that was read, or one that can't be. */
export type Row = Conformance | CorpusModel;

/** docs/models.md, as Markdown. */
export function modelsPage(rows: readonly Row[]): string {
  const head = [
    'model',
    'nodes',
    'parameters',
    'MACs',
    'own runtime',
    ...writtenOn.map(({ name }) => name),
    'channels that can go',
    'pruned',
  ];
  const sources = [...new Set(rows.map((row) => modelOf(row).source))];
  const sections = sources.map((source) => {
    const table = rows.filter((row) => modelOf(row).source === source).map((row) => tableRow(cells(row)));
    return [`## ${source}`, '', tableRow(head), tableRow(head.map(() => '---')), ...table, ''].join('\n');
  });
  return `# Real models

What becomes of models that nobody made for this project: each is read, run on the same pseudo-random input in the runtime that it
was made for ("own runtime": LiteRT, ONNX Runtime, Keras or TensorFlow.js) and here, written as .tflite, and run again from what
was written. Cells say how far outputs lie apart at the most: as a share of the largest value, or in steps of an integer type. The
page is written by \`npm run docs:models\`, and a test holds it to what is found.

\`arbitrary_predict.onnx\` rounds its activations to 8 bits. On the values that ONNX Runtime has without graph optimizations, each of its
layers agrees here within 0.00001, and of 9,203,044 values all are rounded alike. But a float32 sum in another order ends
on the other side of half a step: one of 524,288 values behind the first layer, 133.49998 steps there and 133.5 here. Later layers carry
that on, until 25 of 100 outputs are one step apart, 0.0068 of the largest. ONNX Runtime with its optimizations and without them is apart
by this step too.

${sections.join('\n')}`;
}

function modelOf(row: Row): CorpusModel {
  return 'model' in row ? row.model : row;
}

function cells(row: Row): string[] {
  const { name, allowance, unreadable } = modelOf(row);
  if (!('model' in row))
    return [name, '', '', '', `not read: ${unreadable}`, ...writtenOn.map(() => ''), '', ''];
  const note = allowance ? ` (${allowance.reason})` : '';
  return [
    name,
    String(row.nodes),
    row.parameters.toLocaleString('en'),
    row.macs.toLocaleString('en'),
    describe(row.read) + note,
    ...writtenOn.map((runtime) => describe(row.written.get(runtime.name)!)),
    ...describePruning(row.pruned),
  ];
}

/** Channels that can go, and how far the pruned model is from the masked one. */
function describePruning(pruned: Conformance['pruned']): [string, string] {
  if (!pruned) return ['', ''];
  const { groups, channels, pinned, inexact, deviation } = pruned;
  const all = (channels + pinned).toLocaleString('en');
  if (!deviation) return [`none of ${all}`, ''];
  const said = inexact > 0 ? `, ${inexact} layers said to be inexact` : '';
  return [
    `${channels.toLocaleString('en')} of ${all}, in ${groups} ${groups === 1 ? 'group' : 'groups'}`,
    describe(deviation) + said,
  ];
}

/** A deviation as its bound: the last bits depend on the processor. */
export function describe(outcome: Outcome): string {
  if (typeof outcome === 'string') return outcome.split('\n', 1)[0];
  const { kind, largest } = outcome;
  if (kind === 'steps') return largest === 0 ? 'equal' : `within ${largest > 1 ? '4 steps' : '1 step'}`;
  const bound = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1].find((each) => largest <= each);
  return bound === undefined ? String(largest) : `within ${bound}`;
}

function tableRow(columns: readonly string[]): string {
  return `| ${columns.join(' | ')} |`;
}
