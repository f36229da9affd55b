import {
  dense,
  dequantize,
  definePass,
  isOp,
  patch,
  quantize as quantizeOp,
  tensor,
  WhittleError,
} from '@whittle/core';
import type { Id, Model, ModelEditor, Node, Parameter, PassContext } from '@whittle/core';
import { int8Structure, legalize, quantizeFloat, toQuantization } from '@whittle/int8';
import type { TensorScale } from '@whittle/int8';
import { z } from 'zod';
import { calibrated, RANGES_KEY, readRanges } from './calibrated-ranges.js';
import { chooseScales } from './choose-scales.js';
import { int8Quantized } from './int8-quantized.js';
import { channelAxis, isLinear } from './linear-ops.js';
import { quantizeLayer } from './quantize-weights.js';

const granularity = z.enum(['per-channel', 'per-tensor']);

export const quantizeOptions = z
  .object({
    /** Scales of convolution weights. */
    weights: granularity.default('per-channel'),
    /** Scales of dense weights. */
    denseWeights: granularity.default('per-channel'),
    /** Types of the model's inputs and outputs: float32 with quantize and dequantize nodes at the edges, or int8 alone. */
    edges: z.enum(['int8', 'float32']).default('int8'),
  })
  .strict();
export type QuantizeOptions = z.output<typeof quantizeOptions>;

/**
 * Turns a calibrated float model into an int8 model that TFLite's kernels take: activations asymmetric per tensor, weights
 * symmetric, biases int32, batch bound to 1. Values keep their ids, so that float and integer values can be compared.
 * @throws OP_UNSUPPORTED for an op without an int8 kernel, QUANTIZATION_INVALID
 */
export const quantize = definePass({
  name: 'quantization/quantize',
  description: 'Quantizes a calibrated model to int8',
  options: quantizeOptions.prefault({}),
  changes: ['structure', 'weights', 'types'],
  requires: () => [int8Structure, calibrated],
  establishes: () => [int8Quantized],
  run: quantizeModel,
});

async function quantizeModel(model: Model, context: PassContext, options: QuantizeOptions) {
  if (model.states.length > 0)
    throw new WhittleError('OP_UNSUPPORTED', `${model.name}: int8 has no streaming models, found a state`);
  const scales = chooseScales(model, readRanges(model)?.ranges ?? new Map());
  const typed = patch(model, (edit) => {
    for (const node of model.nodes) quantizeNode(model, edit, node, scales, options);
    for (const { id } of model.inputs) setInt8(edit, id, scales);
    if (options.edges === 'float32') addEdges(model, edit);
    const { [RANGES_KEY]: _, ...metadata } = model.metadata;
    edit.setMetadata(metadata);
  });
  const legal = await legalize(typed, context.lowerings);
  const rescaling = legal.nodes.length - typed.nodes.length;
  return { model: legal, report: { values: scales.size, rescalingNodes: rescaling } };
}

function quantizeNode(
  model: Model,
  edit: ModelEditor,
  node: Node,
  scales: ReadonlyMap<Id, TensorScale>,
  options: QuantizeOptions,
): void {
  for (const id of node.outputs) setInt8(edit, id, scales);
  if (!node.inputs.some((id) => model.parameters.has(id))) return;
  const inputs = isLinear(node)
    ? quantizeOperands(model, edit, node, scales, options)
    : node.inputs.map((id) => quantizeConstant(model, edit, id, scales));
  edit.replaceNode(node, node.op, node.attributes, inputs);
}

function quantizeOperands(
  model: Model,
  edit: ModelEditor,
  node: Node,
  scales: ReadonlyMap<Id, TensorScale>,
  options: QuantizeOptions,
): Id[] {
  const [input, weight, bias] = node.inputs.map((id) => ({ id, parameter: model.parameters.get(id) }));
  if (!weight.parameter || (bias && !bias.parameter))
    throw new WhittleError('OP_UNSUPPORTED', `${node.outputs[0]}: weight and bias must be parameters`, {
      node: node.outputs[0],
    });
  const { shape } = weight.parameter.tensor;
  const each = isOp(node, dense) ? options.denseWeights : options.weights;
  const axis = each === 'per-channel' ? channelAxis(node, shape) : undefined;
  const inputScale = (scales.get(input.id) as TensorScale).scale;
  const layer = quantizeLayer(weight.parameter.tensor, bias?.parameter?.tensor, inputScale, axis);
  return [
    input.parameter ? quantizeConstant(model, edit, input.id, scales) : input.id,
    addInteger(edit, weight.parameter, layer.weight),
    ...(bias?.parameter && layer.bias ? [addInteger(edit, bias.parameter, layer.bias)] : []),
  ];
}

function quantizeConstant(model: Model, edit: ModelEditor, id: Id, scales: ReadonlyMap<Id, TensorScale>): Id {
  const parameter = model.parameters.get(id);
  const scale = scales.get(id);
  if (!parameter || !scale) return id;
  const data = Int8Array.from(parameter.tensor.data as Float32Array, (x) => quantizeFloat(x, scale));
  return addInteger(edit, parameter, tensor('int8', parameter.tensor.shape, data, toQuantization(scale)));
}

/** Adds the integers of a parameter beside it: another node may read the same one at another scale. */
function addInteger(edit: ModelEditor, { id, role, mask }: Parameter, value: Parameter['tensor']): Id {
  return edit.addParameter({ id, tensor: value, role, trainable: false, ...(mask && { mask }) });
}

function setInt8(edit: ModelEditor, id: Id, scales: ReadonlyMap<Id, TensorScale>): void {
  const quantization = toQuantization(scales.get(id) as TensorScale);
  edit.setType(id, { dtype: 'int8', shape: edit.typeOf(id).shape, quantization });
}

/** Keeps the model's inputs and outputs float: quantize after each input, dequantize before each output. */
function addEdges(model: Model, edit: ModelEditor): void {
  for (const { id } of model.inputs) {
    const { shape, quantization } = edit.typeOf(id);
    edit.setType(id, { dtype: 'float32', shape });
    const [stored] = edit.addNode(quantizeOp, { dtype: 'int8' }, [id], {
      outputs: [edit.freshId(`${id}/int8`)],
      quantization: [quantization],
    });
    edit.replaceUses(id, stored, (node) => node.outputs[0] === stored);
  }
  for (const id of new Set(model.outputs.map((output) => output.id))) {
    const stored = edit.freshId(`${id}/int8`);
    edit.renameValue(id, stored);
    edit.addNode(dequantize, {}, [stored], { outputs: [id] });
  }
  edit.setOutputs(model.outputs);
}
