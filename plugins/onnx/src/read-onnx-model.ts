import {
  faultsOfFile,
  readForAnyBatch,
  resolveInputShapes,
  shapesUnlessUnread,
  throwUnread,
  verify,
} from '@whittle/core';
import type { Dim, Model, ReadContext } from '@whittle/core';
import { simplify } from './clean-up/simplify.js';
import { invalid, unsupported } from './faults.js';
import { GraphWriter } from './graph/graph-writer.js';
import { readGraph, Scope, withoutReader } from './graph/read-graph.js';
import { describeInput, readInput } from './graph/read-input.js';
import { decodeModel } from './proto/messages.js';
import type { GraphProto, ModelProto, ValueInfoProto } from './proto/messages.js';
import { looksLikeOnnx } from './proto/recognize.js';
import { elementTypes } from './tensors/element-types.js';
import { readExternalData } from './tensors/external-data.js';
import type { ExternalData } from './tensors/read-tensor.js';
import { channelsLast, identity, sameNumbers, wideAxes } from './values/order.js';
import type { Activation } from './values/value.js';

export interface ReadOnnxOptions extends Pick<ReadContext, 'readBeside' | 'shapes'> {
  /** How many examples there are where the file leaves that open; 'batch' unless told, and 1 where that can't be. */
  readonly batch?: number;
}

const unreadNodes = { format: 'ONNX', plugin: 'onnx', noun: 'node' };

const oldestOpset = 7;

/**
 * Reads an ONNX model as a float32 model: images are NHWC and sequences that convolutions read NTC, inputs and outputs too;
 * transposes become part of what they stand between wherever they can. The first extent of inputs is the batch where the file
 * leaves it open and every op keeps examples apart, else 1. Which of the file's axes an input's or output's are, where it
 * differs, is in the metadata, under 'onnx/axes/<id>'.
 * @throws FORMAT_INVALID where the file is damaged or holds no model; OP_UNSUPPORTED for what can't be read, all nodes at once;
 * FILE_UNREADABLE for files that hold its tensors; SHAPE_OPEN, OPTION_INVALID, SHAPE_MISMATCH for shapes that must be told, that don't
 * fit the inputs, or not the nodes
 */
export async function readOnnxModel(bytes: Uint8Array, options: ReadOnnxOptions = {}): Promise<Model> {
  if (!looksLikeOnnx(bytes)) throw invalid('file', 'no ONNX model');
  const proto = decodeModel(bytes);
  const external = await readExternalData(proto, options.readBeside);
  const fileBytes = [...external.values()].reduce((sum, { length }) => sum + length, bytes.length);
  const inputs = inputsOf(proto);
  const described = inputs.map(describeInput);
  const read = (batch: Dim) => {
    const shapes = shapesUnlessUnread(
      () => resolveInputShapes(described, options.shapes, batch),
      () => withoutReader(proto.graph),
      unreadNodes,
    );
    const of = (info: ValueInfoProto, i: number) => ({ info, shape: shapes[i] });
    return faultsOfFile(
      () => readModel(proto, external, fileBytes, { inputs: inputs.map(of), batch }),
      options.shapes,
      (fault) => invalid(fault.node ?? 'model', fault.message, fault),
    );
  };
  if (options.batch !== undefined) return read(options.batch);
  return readForAnyBatch(read);
}

/** What the graph is fed: initial values of its inputs are its constants. */
function inputsOf({ graph }: ModelProto): ValueInfoProto[] {
  const tensors = new Set((graph?.initializer ?? []).map(({ name }) => name));
  return (graph?.input ?? []).filter(({ name }) => !tensors.has(name));
}

interface Fed {
  readonly info: ValueInfoProto;
  readonly shape: readonly Dim[];
}

function readModel(
  proto: ModelProto,
  external: ExternalData,
  fileBytes: number,
  options: { readonly inputs: readonly Fed[]; readonly batch: Dim },
): Model {
  const { graph } = proto;
  if (!graph) throw invalid('file', 'a model without a graph');
  const opsets = new Map(
    (proto.opsetImport ?? []).map(({ domain = '', version = 0 }) => [
      domain === 'ai.onnx' ? '' : domain,
      version,
    ]),
  );
  const opset = opsets.get('');
  if (opset === undefined) throw invalid('file', 'a model without the version of its operators');
  if (opset < oldestOpset)
    throw unsupported('file', `operator set ${opset}, expected ${oldestOpset} or later`);
  const writer = new GraphWriter(graph.name || 'model', fileBytes);
  const reading = { graph: writer, external, opsets, problems: [] };
  const scope = new Scope();
  const axes = new Map<string, readonly number[]>();
  for (const { info, shape } of options.inputs) {
    const value = readInput(info, shape, graph, writer);
    scope.set(info.name ?? '', value);
    axes.set(value.id, value.order);
  }
  readGraph(graph, scope, reading);
  throwUnread(reading.problems, unreadNodes);
  return finish(graph, scope, writer, axes, options.batch);
}

function finish(
  graph: GraphProto,
  scope: Scope,
  writer: GraphWriter,
  axes: Map<string, readonly number[]>,
  batch: Dim,
): Model {
  const outputs = (graph.output ?? []).map(({ name = '', type }) => {
    const value = scope.get(name);
    if (!value || value.kind === 'unread') throw invalid(name, 'an output that nothing defines');
    if (value.kind === 'constant') throw unsupported(name, 'an output that is a constant');
    const told = elementTypes.get(type?.tensorType?.elemType ?? 0)?.dtype;
    if (told && told !== value.dtype)
      throw unsupported(name, `an output of ${told}, computed in ${value.dtype}`);
    const order = outputOrder(value);
    return { name, id: writer.stored(value, order), order };
  });
  if (outputs.length === 0) throw invalid('file', 'a model without outputs');
  const { model, ids } = writer.finish(outputs, {});
  outputs.forEach(({ order }, i) => axes.set(ids[i], order));
  const moved = [...axes].filter(([, order]) => !sameNumbers(order, identity(order.length)));
  const metadata = {
    ...Object.fromEntries(moved.map(([id, order]) => [`onnx/axes/${id}`, order.join()])),
    ...(batch !== 'batch' && { 'onnx/batch': String(batch) }),
  };
  const read = simplify({ ...model, metadata });
  verify(read);
  return read;
}

/** Images and sequences have their channels last, unless the file itself has brought them there. */
function outputOrder({ shape, order }: Pick<Activation, 'shape' | 'order'>): number[] {
  const rank = shape.length;
  const asIs = identity(rank);
  if (rank < 3 || rank > 4 || sameNumbers(order, asIs)) return asIs;
  const last = channelsLast(rank);
  const stored = wideAxes(shape, order);
  const fits = (candidate: readonly number[]) => sameNumbers(wideAxes(shape, candidate), stored);
  if (rank === 3) return fits(last) && !fits(asIs) ? last : asIs;
  return fits(asIs) && !fits(last) ? asIs : last;
}
