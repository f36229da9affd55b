import { LoweringTable, WhittleError, decompose, viewNode } from '@whittle/core';
import type { Id, Model } from '@whittle/core';
import { TFLITE, emptyTfliteModel, schema, writeTflite } from '@whittle/tflite-schema';
import type { TfliteModel } from '@whittle/tflite-schema';
import { writeModelNotes } from '../model-notes.js';
import { tfliteLowerings } from './lowerings.js';
import { SubgraphWriter } from './subgraph-writer.js';

export interface EmitTfliteOptions {
  /** How ops are written; those of core unless told. Pass a registry's lowerings for ops of other plugins. */
  readonly lowerings?: LoweringTable;
  /** Which tensors keep their names: `all`, or only the inputs and outputs of the model, which makes a smaller file. */
  readonly names?: 'all' | 'boundary';
  /** Whether to name inputs and outputs in a signature, `serving_default`. */
  readonly signature?: boolean;
}

/**
 * Writes a model as a .tflite file: a float32 model, or one with integer values and parameters that carry their
 * quantization. The batch size is 1. Equal models and options give equal bytes.
 * @throws OP_UNSUPPORTED for an op without lowering, or one that the format can't express, and for models with states
 */
export async function emitTflite(model: Model, options: EmitTfliteOptions = {}): Promise<Uint8Array> {
  const { lowerings = new LoweringTable(tfliteLowerings), names = 'all', signature = true } = options;
  if (model.states.length > 0)
    throw new WhittleError(
      'OP_UNSUPPORTED',
      `the model keeps ${model.states.length} states between inferences, expected none`,
      { plugin: 'tflite' },
    );
  const source = decompose(model, (op) => lowerings.has(TFLITE, op));
  const boundary = new Set([...source.inputs, ...source.outputs].map(({ id }) => id));
  const writer = new SubgraphWriter(source, (id) => names === 'all' || boundary.has(id));
  const inputs = source.inputs.map(({ id }) => writer.addInput(id));
  for (const node of source.nodes) {
    const view = viewNode(source, node);
    const emit = await lowerings.get(TFLITE, node.op, view);
    emit(view as never, writer);
  }
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
    subgraphs: [subgraph],
    signatureDefs: signature ? [signatureOf(source, inputs, outputs)] : [],
    metadata: writeModelNotes(source, writer.pool),
    buffers: writer.pool.buffers,
  };
  return writeTflite(file);
}

function signatureOf(
  model: Model,
  inputs: readonly number[],
  outputs: readonly number[],
): schema.SignatureDefT {
  const maps = (ends: readonly { readonly id: Id }[], indices: readonly number[]) =>
    ends.map(({ id }, i) => new schema.TensorMapT(id, indices[i]));
  return new schema.SignatureDefT(
    maps(model.inputs, inputs),
    maps(model.outputs, outputs),
    'serving_default',
    0,
  );
}
