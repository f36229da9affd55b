import { z } from 'zod';
import { WhittleError } from './errors.js';
import type { Model, Node, Parameter, ValueType } from './model.js';
import type { OpDefinition } from './op.js';
import { coreOps } from './ops/index.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';
import type { DType, Quantization, Tensor } from './tensor.js';
import { dtypes, tensor } from './tensor.js';
import { verify } from './verify.js';

const formatVersion = 1;
const quantizationSchema = z.object({
  scale: z.array(z.number()),
  zeroPoint: z.array(z.number().int()),
  axis: z.number().int().nonnegative().optional(),
});
const dtypeSchema = z.enum(dtypes as [DType, ...DType[]]);
const typeSchema = z.object({
  dtype: dtypeSchema,
  shape: z.array(z.union([z.number().int().nonnegative(), z.literal('batch')])),
  quantization: quantizationSchema.optional(),
});
/** A `Preprocess` as JSON. */
export const preprocessSchema = z.object({
  layout: z.enum(['NHWC', 'NTC', 'NC']),
  range: z.tuple([z.number(), z.number()]),
  mean: z.array(z.number()),
  scale: z.array(z.number()),
});
const graphSchema = z.object({
  format: z.literal(formatVersion),
  name: z.string(),
  inputs: z.array(
    z.object({
      id: z.string(),
      name: z.string().optional(),
      type: typeSchema,
      preprocess: preprocessSchema.optional(),
    }),
  ),
  outputs: z.array(
    z.object({ id: z.string(), name: z.string().optional(), labels: z.array(z.string()).optional() }),
  ),
  nodes: z.array(
    z.object({
      op: z.string(),
      version: z.number().int(),
      attributes: z.record(z.string(), z.unknown()),
      inputs: z.array(z.string()),
      outputs: z.array(z.string()),
      types: z.array(typeSchema),
    }),
  ),
  parameters: z.array(
    z.object({
      id: z.string(),
      dtype: dtypeSchema,
      role: z.enum(['weight', 'bias', 'scale', 'offset', 'mean', 'variance', 'range']),
      trainable: z.boolean(),
      quantization: quantizationSchema.optional(),
      masked: z.boolean().optional(),
      codebook: z.array(z.number()).optional(),
    }),
  ),
  states: z.array(z.object({ in: z.string(), out: z.string(), type: typeSchema })),
  metadata: z.record(z.string(), z.string()),
});
type Graph = z.infer<typeof graphSchema>;

const maskOf = (id: string) => `${id}#mask`;
const initialOf = (id: string) => `${id}#initial`;

/**
 * Writes a model as one safetensors file: parameters under their ids (masks under `id#mask`, initial states under
 * `id#initial`), the graph as JSON under the metadata key `whittle`. Other tools read the weights as they are.
 */
export function saveModel(model: Model): Uint8Array {
  const tensors = new Map<string, Tensor>();
  for (const { id, tensor: value, mask } of model.parameters.values()) {
    tensors.set(id, value);
    if (mask) tensors.set(maskOf(id), mask);
  }
  for (const state of model.states) tensors.set(initialOf(state.in), state.initial);
  const typed = (id: string) => typeJson(model.values.get(id) as ValueType);
  const graph: Graph = {
    format: formatVersion,
    name: model.name,
    inputs: model.inputs.map(({ id, name, preprocess }) => ({
      id,
      name,
      type: typed(id),
      preprocess: preprocess && {
        ...preprocess,
        range: [...preprocess.range],
        mean: [...preprocess.mean],
        scale: [...preprocess.scale],
      },
    })),
    outputs: model.outputs.map(({ id, name, labels }) => ({ id, name, labels: labels && [...labels] })),
    nodes: model.nodes.map((node) => ({
      op: node.op.name,
      version: node.op.version,
      attributes: { ...node.attributes },
      inputs: [...node.inputs],
      outputs: [...node.outputs],
      types: node.outputs.map(typed),
    })),
    parameters: [...model.parameters.values()].map((p) => ({
      id: p.id,
      dtype: p.tensor.dtype,
      role: p.role,
      trainable: p.trainable,
      quantization: p.tensor.quantization && quantizationJson(p.tensor.quantization),
      masked: p.mask ? true : undefined,
      codebook: p.codebook && [...p.codebook],
    })),
    states: model.states.map((s) => ({ in: s.in, out: s.out, type: typed(s.in) })),
    metadata: { ...model.metadata },
  };
  return writeSafetensors({ tensors, metadata: { whittle: JSON.stringify(graph) } });
}

/** Whether the bytes are a safetensors file (by its header), the container of Whittle's own format. */
export function looksLikeModel(bytes: Uint8Array): boolean {
  return bytes.length > 9 && bytes[8] === 0x7b && bytes[6] === 0 && bytes[7] === 0;
}

/**
 * Reads what `saveModel` wrote, and verifies it. Ops are looked up in `ops` (core's unless told).
 * @throws FORMAT_INVALID, OP_UNSUPPORTED (all unknown ops at once), MODEL_INVALID, SHAPE_MISMATCH
 */
export function loadModel(bytes: Uint8Array, ops: readonly OpDefinition[] = coreOps): Model {
  const { tensors, metadata } = readSafetensors(bytes);
  const graph = parseGraph(metadata.whittle);
  const table = new Map(ops.map((op) => [`${op.name} ${op.version}`, op]));
  const unknown = graph.nodes.filter((n) => !table.has(`${n.op} ${n.version}`));
  if (unknown.length > 0) {
    const list = unknown.map((n) => `${n.op} version ${n.version} (${n.outputs[0]})`).join(', ');
    throw new WhittleError('OP_UNSUPPORTED', `the model uses ops that none of the plugins brings: ${list}`);
  }
  const find = (id: string): Tensor => {
    const found = tensors.get(id);
    if (!found)
      throw new WhittleError('FORMAT_INVALID', `the file has no tensor '${id}', which the graph names`);
    return found;
  };
  const values = new Map<string, ValueType>();
  for (const { id, type } of graph.inputs) values.set(id, typeFromJson(type));
  for (const { in: id, type } of graph.states) values.set(id, typeFromJson(type));
  const nodes = graph.nodes.map((n): Node => {
    n.outputs.forEach((id, i) => n.types[i] && values.set(id, typeFromJson(n.types[i])));
    return {
      op: table.get(`${n.op} ${n.version}`) as OpDefinition,
      attributes: n.attributes,
      inputs: n.inputs,
      outputs: n.outputs,
    };
  });
  const parameters = new Map(
    graph.parameters.map((p): [string, Parameter] => {
      const raw = find(p.id);
      const value = tensor(
        p.dtype,
        raw.shape,
        raw.data as never,
        p.quantization && quantizationFromJson(p.quantization),
      );
      return [
        p.id,
        {
          id: p.id,
          tensor: value,
          role: p.role,
          trainable: p.trainable,
          ...(p.masked ? { mask: find(maskOf(p.id)) as Tensor<'uint8'> } : {}),
          ...(p.codebook ? { codebook: Float32Array.from(p.codebook) } : {}),
        },
      ];
    }),
  );
  const model: Model = {
    name: graph.name,
    inputs: graph.inputs.map(({ id, name, preprocess }) => ({
      id,
      ...(name !== undefined && { name }),
      ...(preprocess && { preprocess }),
    })),
    outputs: graph.outputs,
    nodes,
    parameters,
    values,
    states: graph.states.map((s) => {
      const { shape, data } = find(initialOf(s.in));
      const quantization = s.type.quantization && quantizationFromJson(s.type.quantization);
      return { in: s.in, out: s.out, initial: tensor(s.type.dtype, shape, data as never, quantization) };
    }),
    metadata: graph.metadata,
  };
  verify(model);
  return model;
}

function parseGraph(json: string | undefined): Graph {
  if (json === undefined)
    throw new WhittleError(
      'FORMAT_INVALID',
      'the safetensors file has no metadata key "whittle": it holds tensors, not a model',
    );
  let raw: unknown;
  try {
    raw = JSON.parse(json);
  } catch (cause) {
    throw new WhittleError('FORMAT_INVALID', 'the metadata key "whittle" is not JSON', { cause });
  }
  const graph = graphSchema.safeParse(raw);
  if (!graph.success)
    throw new WhittleError(
      'FORMAT_INVALID',
      `the model's graph is not valid: ${z.prettifyError(graph.error)}`,
    );
  return graph.data;
}

function typeJson(type: ValueType): Graph['inputs'][number]['type'] {
  return {
    dtype: type.dtype,
    shape: [...type.shape],
    quantization: type.quantization && quantizationJson(type.quantization),
  };
}

function typeFromJson({ dtype, shape, quantization }: Graph['inputs'][number]['type']): ValueType {
  return quantization ? { dtype, shape, quantization: quantizationFromJson(quantization) } : { dtype, shape };
}

function quantizationJson(q: Quantization): z.infer<typeof quantizationSchema> {
  return { scale: [...q.scale], zeroPoint: [...q.zeroPoint], axis: q.axis };
}

function quantizationFromJson({ scale, zeroPoint, axis }: z.infer<typeof quantizationSchema>): Quantization {
  const q = { scale: Float32Array.from(scale), zeroPoint: Int32Array.from(zeroPoint) };
  return axis === undefined ? q : { ...q, axis };
}
