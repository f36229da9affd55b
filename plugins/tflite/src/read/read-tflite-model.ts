import {
  WhittleError,
  faultsOfFile,
  isWhittleError,
  readForAnyBatch,
  resolveInputShapes,
  shapesUnlessUnread,
  throwUnread,
  verify,
} from '@whittle/core';
import type { Dim, Model, ReadContext } from '@whittle/core';
import { builtinOperatorOf, operatorName, readTflite, schema, textOf } from '@whittle/tflite-schema';
import type { OperatorT, TfliteModel } from '@whittle/tflite-schema';
import { readModelNotes } from '../model-notes.js';
import type { ModelNotes } from '../model-notes.js';
import { readSignature, signatureEntry } from '../signature.js';
import type { SignatureNames } from '../signature.js';
import { GraphReader } from './graph-reader.js';
import { inlineBranches } from './inline-branches.js';
import type { InlinedFile } from './inline-branches.js';
import { unreadable } from './operator-view.js';
import type { OperatorView } from './operator-view.js';
import { operatorReaders } from './operators.js';
import type { OperatorReader } from './operators.js';

export interface ReadTfliteOptions extends Pick<ReadContext, 'shapes'> {
  /** Readers for operators that core has no op for, by name: `BUCKETIZE`, or `custom:MyOp`. */
  readonly operators?: ReadonlyMap<string, OperatorReader>;
}

const unreadOperators = { format: '.tflite', plugin: 'tflite', noun: 'operator' };

/**
 * Reads a .tflite file as a model: float32, or integer with the quantization of every value and parameter. Weights come
 * into the model's layout; fused activations stay attributes; a first dimension that the file marks as free is the batch where
 * every operator keeps examples apart, else 1, as the metadata says under 'tflite/batch'. Where other extents of inputs are told
 * than the file has, all other shapes follow from them.
 * Integer weights of float operators (dynamic range quantization) become the float weights that they stand for. Variables
 * become states; one that the file doesn't initialize begins as TensorFlow Lite Micro has it. Of the branches of an IF both are
 * computed, and one is chosen.
 * @throws FORMAT_INVALID where the file is damaged or contradicts itself; OP_UNSUPPORTED for operators that models don't
 * have, or not with these options (all of them at once), and for subgraphs that no operator names; SHAPE_OPEN, OPTION_INVALID,
 * SHAPE_MISMATCH for shapes that must be told, that don't fit the inputs, or not the operators
 */
export function readTfliteModel(bytes: Uint8Array, options: ReadTfliteOptions = {}): Model {
  const stored = readTflite(bytes);
  const { file, refused } = inlineBranches(stored);
  checkSubgraphs(stored);
  const parts = {
    file,
    refused,
    readers: new Map([...operatorReaders, ...(options.operators ?? [])]),
    notes: readModelNotes(file, bytes),
    names: readSignature(file),
  };
  return readForAnyBatch((batch) => {
    const graph = new GraphReader(file, bytes.length);
    const inputs = file.subgraphs[0].inputs.map((index, i) => ({
      ...graph.describeInput(index),
      alias: parts.names.inputs[i],
    }));
    const shapes = shapesUnlessUnread(
      () => resolveInputShapes(inputs, options.shapes, batch),
      () => withoutReader(graph, parts),
      unreadOperators,
    );
    const metadata: Model['metadata'] = batch === 'batch' ? {} : { 'tflite/batch': String(batch) };
    return faultsOfFile(() => build(graph, shapes, metadata, parts), options.shapes, asInvalid);
  });
}

function asInvalid(fault: WhittleError): WhittleError {
  return new WhittleError('FORMAT_INVALID', `.tflite: ${fault.message}`, {
    plugin: 'tflite',
    node: fault.node,
    cause: fault,
  });
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

/** What a file holds, whatever the number of examples. */
interface FileParts {
  readonly file: TfliteModel;
  readonly refused: InlinedFile['refused'];
  readonly readers: ReadonlyMap<string, OperatorReader>;
  readonly notes: ModelNotes;
  readonly names: SignatureNames;
}

function build(
  graph: GraphReader,
  shapes: readonly (readonly Dim[])[],
  metadata: Model['metadata'],
  { file, refused, readers, notes, names }: FileParts,
): Model {
  const [subgraph] = file.subgraphs;
  for (const [i, index] of subgraph.inputs.entries()) {
    const preprocess = notes.preprocess[i];
    graph.addInput(index, shapes[i], names.inputs[i], preprocess ? { preprocess } : {});
  }
  const problems: WhittleError[] = [];
  for (const operator of subgraph.operators) {
    const name = nameOf(file, operator);
    const view = viewOf(operator, name, graph);
    try {
      const reason = whyUnread(operator, name, { refused, readers });
      if (reason !== undefined) throw unreadable(view, reason);
      readers.get(name)?.(view, graph);
    } catch (error) {
      // What is wrong behind an operator that wasn't read may be due to that.
      if (!isWhittleError(error) || (problems.length === 0 && error.code !== 'OP_UNSUPPORTED')) throw error;
      if (error.code === 'OP_UNSUPPORTED') problems.push(error);
      graph.addUnread(view);
    }
  }
  throwUnread(problems, unreadOperators);
  const outputs = subgraph.outputs.map((index, i) => ({
    index,
    name: names.outputs[i],
    labels: notes.labels[i],
  }));
  const model = graph.finish(outputs, {
    ...notes.metadata,
    ...metadata,
    ...(names.key !== undefined && { [signatureEntry]: names.key }),
  });
  verify(model);
  return model;
}

/** Why an operator can't be read, whatever the shapes; undefined where it may be. */
function whyUnread(
  operator: OperatorT,
  name: string,
  { refused, readers }: Pick<FileParts, 'refused' | 'readers'>,
): string | undefined {
  return refused.get(operator) ?? (readers.has(name) ? undefined : `no op for ${name}`);
}

function withoutReader(graph: GraphReader, parts: FileParts): WhittleError[] {
  return parts.file.subgraphs[0].operators.flatMap((operator) => {
    const name = nameOf(parts.file, operator);
    const reason = whyUnread(operator, name, parts);
    return reason === undefined ? [] : [unreadable(viewOf(operator, name, graph), reason)];
  });
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
