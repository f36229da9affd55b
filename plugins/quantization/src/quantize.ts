import {
  dense,
  dequantize,
  definePass,
  isOp,
  patch,
  quantize as quantizeOp,
  tensor,
  throwProblems,
  unsupported,
  viewNode,
  WhittleError,
} from '@whittle/core';
import type { Id, Model, ModelEditor, Node, Parameter, PassContext } from '@whittle/core';
import { int8Structure, legalize, quantizeFloat, recurrentRuleOf, toQuantization } from '@whittle/int8';
import type { ActivationDType, ActivationScale } from '@whittle/int8';
import { z } from 'zod';
import { calibrated, RANGES_KEY, readRanges } from './calibrated-ranges.js';
import { chooseScales } from './choose-scales.js';
import { expectQuotients } from './expect-quotients.js';
import { int8Quantized } from './int8-quantized.js';
import { channelAxis, isLinear } from './linear-ops.js';
import type { Range } from './observers.js';
import { recurrentWeights, replaceRecurrent } from './quantize-recurrent.js';
import { quantizeStates } from './quantize-states.js';
import { quantizeLayer } from './quantize-weights.js';
import { separateSlopes } from './separate-slopes.js';

const granularity = z.enum(['per-channel', 'per-tensor']);

export const quantizeOptions = z
  .object({
    /** Scales of convolution weights. */
    weights: granularity.default('per-channel'),
    /** Scales of dense weights. */
    denseWeights: granularity.default('per-channel'),
    /** What activations are stored as. Weights are int8 beside either. */
    activations: z.enum(['int8', 'int16']).default('int8'),
    /** Types of the model's inputs and outputs: float32 with quantize and dequantize nodes at the edges, or integers alone. */
    edges: z.enum(['integer', 'float32']).default('integer'),
  })
  .strict();
export type QuantizeOptions = z.output<typeof quantizeOptions>;

/**
 * Turns a calibrated float model into an integer model that TFLite's kernels take: activations int8, asymmetric per tensor,
 * or int16, symmetric; weights int8, symmetric; biases int32, or int64 beside int16; batch bound to 1. Values keep their
 * ids, so that float and integer values can be compared.
 * @throws OP_UNSUPPORTED for an op without an integer kernel, or quotients that it would get wrong; QUANTIZATION_INVALID, also
 * where TFLite has none for int16
 */
export const quantize = definePass({
  name: 'quantization/quantize',
  description: 'Quantizes a calibrated model to int8, or to int16 activations with int8 weights',
  options: quantizeOptions.prefault({}),
  changes: ['structure', 'weights', 'types'],
  requires: () => [int8Structure, calibrated],
  establishes: () => [int8Quantized],
  run: quantizeModel,
});

async function quantizeModel(source: Model, context: PassContext, options: QuantizeOptions) {
  expectFloat(source);
  const model = separateSlopes(source);
  const ranges = readRanges(model)?.ranges ?? new Map<Id, Range>();
  const scales = chooseScales(model, ranges, options.activations);
  expectQuotients(model, scales);
  const typed = patch(model, (edit) => {
    for (const node of model.nodes)
      if (recurrentRuleOf(node.op)) quantizeRecurrent(model, edit, node, scales, ranges);
      else quantizeNode(model, edit, node, scales, options);
    for (const { id } of model.inputs) setInteger(edit, id, scales);
    quantizeStates(model, edit, scales);
    if (options.edges === 'float32') addEdges(model, edit, options.activations);
    const { [RANGES_KEY]: _, ...metadata } = model.metadata;
    edit.setMetadata(metadata);
  });
  const legal = await legalize(typed, context.lowerings);
  const rescaling = legal.nodes.length - typed.nodes.length;
  return { model: legal, report: { values: scales.size, rescalingNodes: rescaling } };
}

/**
 * @throws OP_UNSUPPORTED naming every node of integers alone. Those that have them beside floats, as indices, are left to their
 * kernels.
 */
function expectFloat(model: Model): void {
  const views = model.nodes.map((node) => ({ op: node.op, view: viewNode(model, node) }));
  const integer = views.filter(({ view }) =>
    [...view.inputs, ...view.outputs].every(({ dtype }) => dtype !== 'float32'),
  );
  throwProblems(
    integer.map(({ op, view }) => unsupported('int8', op, view)),
    (count) => `${count} nodes have integers that can't be quantized`,
  );
}

function quantizeNode(
  model: Model,
  edit: ModelEditor,
  node: Node,
  scales: ReadonlyMap<Id, ActivationScale>,
  options: QuantizeOptions,
): void {
  for (const id of node.outputs) setInteger(edit, id, scales);
  if (!node.inputs.some((id) => model.parameters.has(id))) return;
  const inputs = isLinear(node)
    ? quantizeOperands(model, edit, node, scales, options)
    : node.inputs.map((id) => quantizeConstant(model, edit, id, scales));
  edit.replaceNode(node, node.op, node.attributes, inputs);
}

function quantizeRecurrent(
  model: Model,
  edit: ModelEditor,
  node: Node,
  scales: ReadonlyMap<Id, ActivationScale>,
  ranges: ReadonlyMap<Id, Range>,
): void {
  for (const id of node.outputs) setInteger(edit, id, scales);
  const weights = recurrentWeights(model, node, scales);
  const inputs = node.inputs.map((id, i) => {
    const weight = weights.get(i);
    return weight
      ? addInteger(edit, model.parameters.get(id)!, weight)
      : quantizeConstant(model, edit, id, scales);
  });
  replaceRecurrent(edit, node, inputs, ranges.get(node.outputs[0])!, scales);
}

function quantizeOperands(
  model: Model,
  edit: ModelEditor,
  node: Node,
  scales: ReadonlyMap<Id, ActivationScale>,
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
  const inputScale = scales.get(input.id) as ActivationScale;
  const layer = quantizeLayer(weight.parameter.tensor, bias?.parameter?.tensor, inputScale, axis);
  return [
    input.parameter ? quantizeConstant(model, edit, input.id, scales) : input.id,
    addInteger(edit, weight.parameter, layer.weight),
    ...(bias?.parameter && layer.bias ? [addInteger(edit, bias.parameter, layer.bias)] : []),
  ];
}

function quantizeConstant(
  model: Model,
  edit: ModelEditor,
  id: Id,
  scales: ReadonlyMap<Id, ActivationScale>,
): Id {
  const parameter = model.parameters.get(id);
  const scale = scales.get(id);
  if (!parameter || !scale) return id;
  const stored = Array.from(parameter.tensor.data as Float32Array, (x) => quantizeFloat(x, scale));
  const value = tensor(scale.dtype, parameter.tensor.shape, stored, toQuantization(scale));
  return addInteger(edit, parameter, value);
}

/** Adds the integers of a parameter beside it: another node may read the same one at another scale. */
function addInteger(edit: ModelEditor, { id, role, mask }: Parameter, value: Parameter['tensor']): Id {
  return edit.addParameter({ id, tensor: value, role, trainable: false, ...(mask && { mask }) });
}

/** Gives a float value the integers of its scale; indices stay as they are. */
function setInteger(edit: ModelEditor, id: Id, scales: ReadonlyMap<Id, ActivationScale>): void {
  const scale = scales.get(id);
  if (!scale) return;
  const { shape } = edit.typeOf(id);
  edit.setType(id, { dtype: scale.dtype, shape, quantization: toQuantization(scale) });
}

/** Keeps the model's inputs and outputs float: quantize after each input, dequantize before each output, but for indices. */
function addEdges(model: Model, edit: ModelEditor, dtype: ActivationDType): void {
  for (const { id } of model.inputs) {
    const { shape, quantization } = edit.typeOf(id);
    if (!quantization) continue;
    edit.setType(id, { dtype: 'float32', shape });
    const [stored] = edit.addNode(quantizeOp, { dtype }, [id], {
      outputs: [edit.freshId(`${id}/${dtype}`)],
      quantization: [quantization],
    });
    edit.replaceUses(id, stored, (node) => node.outputs[0] === stored);
  }
  for (const id of new Set(model.outputs.map((output) => output.id))) {
    if (!edit.typeOf(id).quantization) continue;
    const stored = edit.freshId(`${id}/${dtype}`);
    edit.renameValue(id, stored);
    edit.addNode(dequantize, {}, [stored], { outputs: [id] });
  }
  edit.setOutputs(model.outputs);
}
