import { WhittleError, isWhittleError, throwProblems, verify } from '@whittle/core';
import type { Model } from '@whittle/core';
import { builtinOperatorOf, operatorName, readTflite, schema, textOf } from '@whittle/tflite-schema';
import type { OperatorT, TfliteModel } from '@whittle/tflite-schema';
import { readModelNotes } from '../model-notes.js';
import { GraphReader } from './graph-reader.js';
import { inlineBranches } from './inline-branches.js';
import type { InlinedFile } from './inline-branches.js';
import { unreadable } from './operator-view.js';
import type { OperatorView } from './operator-view.js';
import { operatorReaders } from './operators.js';
import type { OperatorReader } from './operators.js';

export interface ReadTfliteOptions {
  /** Readers for operators that core has no op for, by name: `BUCKETIZE`, or `custom:MyOp`. */
  readonly operators?: ReadonlyMap<string, OperatorReader>;
}

/** What a model's own checks throw where the file is at fault. */
const faults = ['MODEL_INVALID', 'SHAPE_MISMATCH', 'OPTION_INVALID'];

/**
 * Reads a .tflite file as a model: float32, or integer with the quantization of every value and parameter. Weights come
 * into the model's layout; fused activations stay attributes; a first dimension that the file marks as free is the batch.
 * Integer weights of float operators (dynamic range quantization) become the float weights that they stand for. Variables
 * become states; one that the file doesn't initialize begins as TensorFlow Lite Micro has it. Of the branches of an IF both are
 * computed, and one is chosen.
 * @throws FORMAT_INVALID where the file is damaged or contradicts itself; OP_UNSUPPORTED for operators that models don't
 * have, or not with these options (all of them at once), and for subgraphs that no operator names
 */
export function readTfliteModel(bytes: Uint8Array, options: ReadTfliteOptions = {}): Model {
  const stored = readTflite(bytes);
  const { file, refused } = inlineBranches(stored);
  checkSubgraphs(stored);
  const readers = new Map([...operatorReaders, ...(options.operators ?? [])]);
  try {
    const model = build(file, bytes, readers, refused);
    verify(model);
    return model;
  } catch (error) {
    if (!isWhittleError(error) || !faults.includes(error.code)) throw error;
    throw new WhittleError('FORMAT_INVALID', `.tflite: ${error.message}`, {
      plugin: 'tflite',
      node: error.node,
      cause: error,
    });
  }
}

function checkSubgraphs({ subgraphs }: TfliteModel): void {
  if (subgraphs.length === 0)
    throw new WhittleError('FORMAT_INVALID', '.tflite: no subgraph', { plugin: 'tflite' });
  const called = new Set(subgraphs.flatMap(({ operators }) => operators.flatMap(subgraphsOf)));
  const others = subgraphs.flatMap((_, index) => (index > 0 && !called.has(index) ? [index] : []));
  if (others.length > 0)
    throw new WhittleError(
      'OP_UNSUPPORTED',
      `.tflite: ${subgraphs.length} subgraphs, expected 1 and those that operators name; none names ${others.join(', ')}`,
      { plugin: 'tflite' },
    );
}

/** The subgraphs that an operator names. */
function subgraphsOf({ builtinOptions: options }: OperatorT): number[] {
  if (options instanceof schema.CallOnceOptionsT) return [options.initSubgraphIndex];
  if (options instanceof schema.IfOptionsT) return [options.thenSubgraphIndex, options.elseSubgraphIndex];
  if (options instanceof schema.WhileOptionsT) return [options.condSubgraphIndex, options.bodySubgraphIndex];
  return options instanceof schema.CallOptionsT ? [options.subgraph] : [];
}

function build(
  file: TfliteModel,
  bytes: Uint8Array,
  readers: ReadonlyMap<string, OperatorReader>,
  refused: InlinedFile['refused'],
): Model {
  const [subgraph] = file.subgraphs;
  const notes = readModelNotes(file, bytes);
  const graph = new GraphReader(file);
  for (const [i, index] of subgraph.inputs.entries()) {
    const preprocess = notes.preprocess[i];
    graph.addInput(index, preprocess ? { preprocess } : {});
  }
  const problems: WhittleError[] = [];
  for (const operator of subgraph.operators) {
    const name = nameOf(file, operator);
    const view = viewOf(operator, name, graph);
    try {
      const reason = refused.get(operator);
      if (reason) throw unreadable(view, reason);
      const read = readers.get(name);
      if (!read) throw unreadable(view, `no op for the operator ${name}`);
      read(view, graph);
    } catch (error) {
      // What is wrong behind an operator that wasn't read may be due to that.
      if (!isWhittleError(error) || (problems.length === 0 && error.code !== 'OP_UNSUPPORTED')) throw error;
      if (error.code === 'OP_UNSUPPORTED') problems.push(error);
      graph.addUnread(view);
    }
  }
  throwProblems(problems, (count) => `.tflite: ${count} operators can't be read`, { plugin: 'tflite' });
  const outputs = subgraph.outputs.map((index, i) => ({ index, labels: notes.labels[i] }));
  return graph.finish(outputs, notes.metadata);
}

function nameOf(file: TfliteModel, operator: OperatorT): string {
  const code = file.operatorCodes[operator.opcodeIndex];
  const custom = builtinOperatorOf(code) === schema.BuiltinOperator.CUSTOM;
  return custom ? `custom:${textOf(code.customCode)}` : operatorName(code);
}

function viewOf(operator: OperatorT, name: string, graph: GraphReader): OperatorView {
  const [output] = operator.outputs;
  return {
    operator: name,
    name: output === undefined ? name : graph.nameOf(output),
    inputs: operator.inputs,
    outputs: operator.outputs,
    options: operator.builtinOptions,
    customOptions: operator.customOptions,
  };
}
