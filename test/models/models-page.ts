import type { Conformance, Outcome } from './conform.js';
import { writtenOn } from './conform.js';
import type { CorpusModel } from './corpus.js';

/** A row of the table: a model that was read, or one that can't be. */
export type Row = Conformance | CorpusModel;

/** docs/models.md, as Markdown. */
export function modelsPage(rows: readonly Row[]): string {
  const head = ['model', 'nodes', 'parameters', 'MACs', 'own runtime', ...writtenOn.map(({ name }) => name)];
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

${sections.join('\n')}`;
}

function modelOf(row: Row): CorpusModel {
  return 'model' in row ? row.model : row;
}

function cells(row: Row): string[] {
  const { name, allowance, unreadable } = modelOf(row);
  if (!('model' in row)) return [name, '', '', '', `not read: ${unreadable}`, ...writtenOn.map(() => '')];
  const note = allowance ? ` (${allowance.reason})` : '';
  return [
    name,
    String(row.nodes),
    row.parameters.toLocaleString('en'),
    row.macs.toLocaleString('en'),
    describe(row.read) + note,
    ...writtenOn.map((runtime) => describe(row.written.get(runtime.name)!)),
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
