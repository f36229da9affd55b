import { LoweringTable, decompose, viewNode } from '@whittle/core';
import type { Model, Node } from '@whittle/core';
import {
  METADATA_ENTRY,
  TFLITE,
  appendFiles,
  emptyTfliteModel,
  schema,
  writeTflite,
} from '@whittle/tflite-schema';
import type { TfliteLowering, TfliteModel } from '@whittle/tflite-schema';
import { writeModelNotes } from '../model-notes.js';
import { signatureOf } from '../signature.js';
import { readTensorMetadata, writeTensorMetadata } from '../tensor-metadata.js';
import type { BufferPool } from './buffer-pool.js';
import { tfliteLowerings } from './lowerings.js';
import { parseTfliteOptions } from './tflite-options.js';
import type { TfliteOptions } from './tflite-options.js';
import { mutatedStates, VariableWriter } from './states.js';
import { storedWeights } from './stored-weights.js';
import { SubgraphWriter } from './subgraph-writer.js';

export interface EmitTfliteOptions extends TfliteOptions {
  /** How ops are written; those of core unless told. Pass a registry's lowerings for ops of other plugins. */
  readonly lowerings?: LoweringTable;
}

/**
 * Writes a model as a .tflite file: a float32 model, or one with integer values and parameters that carry their
 * quantization. The batch size is 1. States become variables, which a subgraph of their own initializes; those that an
 * operator changes in place become variable tensors. Equal models and options give equal bytes.
 * @throws OPTION_INVALID for options that there aren't, or not with these values; OP_UNSUPPORTED for an op without lowering, or one that the format can't express
 */
export async function emitTflite(model: Model, options: EmitTfliteOptions = {}): Promise<Uint8Array> {
  const { lowerings = new LoweringTable(tfliteLowerings), ...others } = options;
  const { names, signature, weights } = parseTfliteOptions(others);
  const source = decompose(model, (op) => lowerings.has(TFLITE, op));
  const boundary = new Set([...source.inputs, ...source.outputs].map(({ id }) => id));
  const emitters = new Map<Node, TfliteLowering>();
  for (const node of source.nodes)
    emitters.set(node, await lowerings.get(TFLITE, node.op, viewNode(source, node)));
  const writer = new SubgraphWriter(
    source,
    (id) => names === 'all' || boundary.has(id),
    storedWeights(source, weights),
  );
  const inputs = source.inputs.map(({ id }) => writer.tensorOf(id));
  const mutated = mutatedStates(source, emitters);
  for (const state of mutated.values()) writer.addVariable(state);
  const variables = new VariableWriter(
    writer,
    source.states.filter((state) => !mutated.has(state.in)),
  );
  variables.begin();
  for (const [node, emit] of emitters) {
    variables.beforeNode(node);
    emit(viewNode(source, node) as never, writer);
    variables.afterNode(node);
  }
  variables.end(source);
  const outputs = source.outputs.map(({ id }) => writer.tensorOf(id));
  const subgraph = new schema.SubGraphT(
    writer.tensors,
    inputs,
    outputs,
    writer.operators,
    source.name || null,
  );
  const file: TfliteModel = {
    ...emptyTfliteModel(),
    operatorCodes: writer.operatorCodes,
    subgraphs: [subgraph, ...variables.initialization()],
    signatureDefs:
      signature === false
        ? []
        : [signatureOf(source, signature === true ? undefined : signature, inputs, outputs)],
    metadata: [],
    buffers: writer.pool.buffers,
  };
  const files = addNotes(source, file, writer.pool);
  return appendFiles(writeTflite(file), files);
}

/** Adds TFLite Metadata and, behind it, what that can't say. Returns the label files. */
function addNotes(model: Model, file: TfliteModel, pool: BufferPool): ReadonlyMap<string, Uint8Array> {
  const standard = writeTensorMetadata(model);
  const { bytes, files } = standard ?? { files: new Map<string, Uint8Array>() };
  if (bytes) file.metadata.push(new schema.MetadataT(METADATA_ENTRY, pool.add(bytes)));
  const read = readTensorMetadata(file, appendFiles(new Uint8Array(0), files));
  file.metadata.push(...writeModelNotes(model, read, pool));
  return files;
}
