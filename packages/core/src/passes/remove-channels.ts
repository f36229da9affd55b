import type { ReadonlyIndexSet } from '../analysis/index-set.js';
import type { Id, Model, Parameter, ValueType } from '../model.js';
import { concrete, nodeName } from '../model.js';
import { isOp, viewNode } from '../op.js';
import { transposeConv2d } from '../ops/index.js';
import { patch } from '../patch.js';
import { takeAxes, takeQuantization } from '../tensor.js';
import { verify } from '../verify.js';
import { absorbConstants, constantReaders } from './absorb-constants.js';
import type { ConstantReader } from './absorb-constants.js';
import { applyAdditions } from './additions.js';
import type { Addition, Additions } from './additions.js';
import { chooseCarriers } from './choose-carriers.js';
import { maskIndices } from './mask-channels.js';
import { removedIndices } from './removals.js';
import type { Removal, RemovedIndices } from './removals.js';

export interface RemoveChannelsOptions {
  /**
   * What becomes of the constants that removed channels still send downstream, relu(beta) say.
   *
   * - `exact` (default): the layers that read them take them into their biases; where a layer's windows reach beyond the
   *   image, and a bias would be wrong at its border, one channel stays, masked, and holds them all. The result equals the
   *   model whose channels are masked.
   * - `bias`: into biases always (transposed convolutions, which no bias fits, keep a channel): wrong at borders of zeros.
   * - `none`: they are dropped.
   */
  readonly absorb?: 'exact' | 'bias' | 'none';
}

/** A model without some of its channels. */
export interface RemovedChannels {
  readonly model: Model;
  /** Channels that were to go and stay, masked, to hold the constants of the others: of each removal that has some. */
  readonly carriers: readonly Removal[];
  /** Where the result differs from the masked model: the layer that reads the channels, and why. */
  readonly inexact: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * Removes channels for real: slices parameters, masks and per-channel scales, and gives ops their new extents.
 * @throws OPTION_INVALID where a group would lose every channel, or its blocks unequal numbers; MODEL_INVALID
 */
export function removeChannels(
  model: Model,
  removals: readonly Removal[],
  { absorb = 'exact' }: RemoveChannelsOptions = {},
): RemovedChannels {
  const removed = removedIndices(removals);
  if (removed.size === 0) return { model, carriers: [], inexact: [] };
  if (absorb === 'none') return { model: checked(slice(model, removed)), carriers: [], inexact: [] };
  const readers = constantReaders(model, removed).map((reader) =>
    absorb === 'exact' || isOp(reader.node, transposeConv2d) ? reader : { ...reader, uneven: false },
  );
  const stays = chooseCarriers(model, readers, removals);
  const carriers = removals
    .map(({ group }, i) => ({ group, channels: [...stays[i]] }))
    .filter(({ channels }) => channels.length > 0);
  const going = removals.map(({ group, channels }, i) => ({
    group,
    channels: channels.filter((channel) => !stays[i].has(channel)),
  }));
  const gone = removedIndices(going);
  const masked = maskIndices(model, removedIndices(carriers));
  const absorbed = absorbConstants(masked, readersOf(masked, model, readers), gone);
  const inexact = readers.flatMap(({ node, varying }) =>
    [...new Set(varying.values())].map((reason) => ({ name: nodeName(node), reason })),
  );
  return { model: checked(slice(absorbed.model, absorbed.removed, absorbed.additions)), carriers, inexact };
}

/** The readers, with the nodes of the masked model in place of the model's. */
function readersOf(masked: Model, model: Model, readers: readonly ConstantReader[]): ConstantReader[] {
  if (masked === model) return [...readers];
  const nodes = new Map(masked.nodes.map((node) => [nodeName(node), node]));
  return readers.map((reader) => ({ ...reader, node: nodes.get(nodeName(reader.node))! }));
}

function checked(model: Model): Model {
  verify(model);
  return model;
}

function slice(model: Model, removed: RemovedIndices, additions: Additions = new Map()): Model {
  const values = new Map<Id, ValueType>();
  for (const [id, type] of model.values) values.set(id, sliceType(type, removed.get(id)));
  const parameters = new Map<Id, Parameter>();
  for (const [id, parameter] of model.parameters)
    parameters.set(id, sliceParameter(parameter, removed.get(id), additions.get(id)));
  return patch(model, (edit) => {
    for (const [id, parameter] of parameters)
      if (parameter !== model.parameters.get(id))
        edit.setParameter(id, { tensor: parameter.tensor, mask: parameter.mask });
    for (const id of removed.keys()) if (values.has(id)) edit.setType(id, values.get(id)!);
    for (const node of model.nodes) {
      if (!node.op.resize || !node.outputs.some((id) => removed.has(id))) continue;
      edit.replaceNode(node, node.op, node.op.resize(viewNode({ values, parameters }, node)));
    }
  });
}

function sliceType(type: ValueType, axes: ReadonlyMap<number, ReadonlyIndexSet> | undefined): ValueType {
  let result = type;
  for (const [axis, indices] of axes ?? []) {
    const kept = indices.others(concrete(type.shape)[axis]);
    const shape = result.shape.map((dim, i) => (i === axis ? kept.length : dim));
    result = result.quantization
      ? { ...result, shape, quantization: takeQuantization(result.quantization, axis, kept) }
      : { ...result, shape };
  }
  return result;
}

function sliceParameter(
  parameter: Parameter,
  axes: ReadonlyMap<number, ReadonlyIndexSet> = new Map(),
  additions: readonly Addition[] = [],
): Parameter {
  if (axes.size === 0 && additions.length === 0) return parameter;
  const { tensor, mask } = parameter;
  const kept = new Map([...axes].map(([axis, gone]) => [axis, gone.others(tensor.shape[axis])]));
  const sliced = takeAxes(tensor, kept);
  applyAdditions(sliced, tensor.shape, kept, additions);
  return { ...parameter, tensor: sliced, mask: mask && takeAxes(mask, kept) };
}
