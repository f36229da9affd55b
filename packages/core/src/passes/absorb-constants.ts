import type { Id, Model, Node, Parameter } from '../model.js';
import { concrete, nodeName, typeOf } from '../model.js';
import { attributesOf, isOp, viewNode } from '../op.js';
import {
  batchNorm,
  clampOf,
  conv2d,
  dense,
  depthwiseConv2d,
  instanceNorm,
  isBinaryOp,
  isReductionOp,
  isUnaryOp,
  prelu,
} from '../ops/index.js';
import type { FusedActivation } from '../ops/index.js';
import { forEachIndex } from '../analysis/channel-groups.js';
import type { ModelEditor } from '../patch.js';
import { patch } from '../patch.js';
import { float32, sizeOf } from '../tensor.js';
import { consumers, soleConsumer } from '../traverse.js';
import type { RemovedIndices } from './remove-channels.js';

/** The constant that each removed channel holds, by index along the last axis. */
type Constants = ReadonlyMap<number, number>;

/**
 * Adds what removed channels send downstream to the layers that read them. A removed channel counts as masked: its
 * batch-norm scale is 0, so it holds beta everywhere; a channel without batch norm holds 0. Constants pass through
 * activations, pooling, additions and reshaping until a convolution or dense layer takes them into its bias (or into the
 * mean of the batch norm after it). Where a convolution pads with zeros this is exact inside, not at the border.
 * Returns the model, and what to remove from it: parameters that came in lose channels like those they stand for.
 */
export function absorbConstants(
  model: Model,
  removed: RemovedIndices,
): { readonly model: Model; readonly removed: RemovedIndices } {
  const constants = new Map<Id, Constants>();
  const users = consumers(model);
  const all = new Map(removed);
  const changed = patch(model, (edit) => {
    const data = (id: Id) => (model.parameters.get(id) as Parameter).tensor.data as Float32Array;
    for (const node of model.nodes) {
      const gone = goneChannels(model, nodeName(node), removed);
      const known = constants.get(node.inputs[0]);
      if (known && (isOp(node, conv2d) || isOp(node, dense))) {
        const delta = biasChange(model, node, known, data(node.inputs[1]));
        if (delta.some((d) => d !== 0)) {
          const added = addToBias(model, edit, node, delta, users);
          if (added !== undefined && gone) all.set(added, new Map([[0, gone]]));
        }
      }
      for (const output of node.outputs) {
        const lost = goneChannels(model, output, removed);
        if (lost)
          constants.set(output, activated(node, constantsAfter(model, node, output, lost, constants, data)));
      }
    }
  });
  return { model: changed, removed: all };
}

/** Indices that an output loses along its last axis. */
function goneChannels(model: Model, output: Id, removed: RemovedIndices): ReadonlySet<number> | undefined {
  return removed.get(output)?.get(typeOf(model, output).shape.length - 1);
}

/** Constants after the activation that a node carries, if it does. */
function activated(node: Node, constants: Constants): Constants {
  const { activation = 'none' } = node.attributes as { activation?: FusedActivation };
  const [low, high] = clampOf(activation);
  return new Map([...constants].map(([index, value]) => [index, Math.min(Math.max(value, low), high)]));
}

function constantsAfter(
  model: Model,
  node: Node,
  output: Id,
  gone: ReadonlySet<number>,
  constants: ReadonlyMap<Id, Constants>,
  data: (id: Id) => Float32Array,
): Constants {
  const at = (id: Id, index: number): number => {
    if (!model.parameters.has(id)) return constants.get(id)?.get(index) ?? 0;
    const values = data(id);
    return values.length === 1 ? values[0] : (values[index] ?? 0);
  };
  const fill = (value: (index: number) => number) => new Map([...gone].map((index) => [index, value(index)]));
  const [input] = node.inputs;
  if (isOp(node, conv2d) || isOp(node, dense)) return new Map();
  if (isOp(node, batchNorm) || isOp(node, instanceNorm)) return fill((index) => at(node.inputs[2], index));
  if (isOp(node, depthwiseConv2d)) {
    const weight = (model.parameters.get(node.inputs[1]) as Parameter).tensor;
    const outputs = weight.shape[2] * weight.shape[3];
    return fill((index) => {
      let sum = node.inputs.length > 2 ? at(node.inputs[2], index) : 0;
      for (let i = index; i < weight.data.length; i += outputs)
        sum += Number(weight.data[i]) * at(input, Math.floor(index / weight.shape[3]));
      return sum;
    });
  }
  const { op } = node;
  if (isUnaryOp(op)) return fill((index) => op.apply(at(input, index), node.attributes));
  if (isBinaryOp(op)) return fill((index) => op.combine(at(input, index), at(node.inputs[1], index)));
  if (isOp(node, prelu))
    return fill((index) => {
      const x = at(input, index);
      return x >= 0 ? x : x * at(node.inputs[1], index);
    });
  const moved = movedConstants(model, node, output, constants);
  if (!isReductionOp(op)) return moved;
  const count = sizeAt(model, input) / sizeAt(model, output);
  return new Map([...moved].map(([index, value]) => [index, op.reduceEqual(value, count)]));
}

function sizeAt(model: Model, id: Id): number {
  return sizeOf(concrete(typeOf(model, id).shape));
}

/** Constants by index along the last axis, through an op that moves or averages channels: along its ties between last axes. */
export function movedConstants(
  model: Model,
  node: Node,
  output: Id,
  constants: ReadonlyMap<Id, Constants>,
): Map<number, number> {
  const result = new Map<number, number>();
  const view = viewNode(model, node);
  const lastAxis = (id: Id) => typeOf(model, id).shape.length - 1;
  for (const tie of node.op.channels(view).ties)
    for (const from of tie)
      for (const to of tie) {
        const known = constants.get(from.value);
        if (
          !known ||
          to.value !== output ||
          from.axis !== lastAxis(from.value) ||
          to.axis !== lastAxis(to.value)
        )
          continue;
        for (let i = 0; i < from.count; i++)
          forEachIndex(from, i, (index) => {
            const constant = known.get(index);
            if (constant !== undefined) forEachIndex(to, i, (target) => result.set(target, constant));
          });
      }
  return result;
}

/** What the constants add to each output of a convolution or dense layer, every tap of the kernel being inside. */
function biasChange(model: Model, node: Node, constants: Constants, weight: Float32Array): Float64Array {
  const shape = (model.parameters.get(node.inputs[1]) as Parameter).tensor.shape;
  const outputs = shape[shape.length - 1];
  const perGroup = shape[shape.length - 2];
  const groups = isOp(node, conv2d) ? attributesOf(node, conv2d).groups : 1;
  const taps = weight.length / outputs / perGroup;
  const delta = new Float64Array(outputs);
  for (const [index, constant] of constants) {
    const group = Math.floor(index / perGroup);
    for (let tap = 0; tap < taps; tap++)
      for (let o = (group * outputs) / groups; o < ((group + 1) * outputs) / groups; o++)
        delta[o] += constant * weight[(tap * perGroup + (index % perGroup)) * outputs + o];
  }
  return delta;
}

/**
 * Adds `delta` to what a convolution or dense layer gives, before its activation. Parameters that others read too are
 * copied first. Returns the id of the parameter that came in, if one did.
 */
function addToBias(
  model: Model,
  edit: ModelEditor,
  node: Node,
  delta: Float64Array,
  users: ReadonlyMap<Id, readonly Node[]>,
): Id | undefined {
  const shift = (owner: Node, operand: number, sign: 1 | -1): Id | undefined => {
    const id = owner.inputs[operand];
    const old = model.parameters.get(id) as Parameter;
    const shifted = Float32Array.from(old.tensor.data as Float32Array, (b, i) => b + sign * delta[i]);
    const tensor = float32(old.tensor.shape, shifted);
    if (users.get(id)?.length === 1) {
      edit.setParameter(id, { tensor });
      return undefined;
    }
    const own = edit.addParameter({ ...old, tensor });
    const inputs = owner.inputs.map((input, i) => (i === operand ? own : input));
    edit.replaceNode(owner, owner.op, owner.attributes, inputs);
    return own;
  };
  if (node.inputs.length > 2) return shift(node, 2, 1);
  const next = soleConsumer(model, users, node.outputs[0]);
  const isLinear = (node.attributes as { activation?: FusedActivation }).activation === 'none';
  if (next && isLinear && isOp(next, batchNorm)) return shift(next, 3, -1);
  const bias = edit.addParameter({
    id: `${nodeName(node)}/bias`,
    tensor: float32([delta.length], Float32Array.from(delta)),
    role: 'bias',
    trainable: true,
  });
  edit.replaceNode(node, node.op, node.attributes, [...node.inputs, bias]);
  return bias;
}
