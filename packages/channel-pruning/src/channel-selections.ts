import {
  attributesOf,
  batchNorm,
  channelGroups,
  concrete,
  consumers,
  conv2d,
  dense,
  float32,
  gather,
  isOp,
  leaves,
  nodeName,
  patch,
  producers,
  tensor,
  typeOf,
} from '@whittle/core';
import type { ChannelGroup, Id, Model, ModelEditor, Node } from '@whittle/core';

/** A model with a layer in front of some batch norms that passes on all channels, to be pruned like any other. */
export interface SelectableModel {
  readonly model: Model;
  /** Groups that may be pruned: not those that a selection takes its channels from. */
  readonly groups: readonly ChannelGroup[];
  /** The model with channel selections in place of these layers; those that pass on all channels are gone. */
  finish(pruned: Model): Model;
}

/**
 * Cross-layer pruning (Liu et al. 2017, section 3): where a batch norm reads channels that others read as well, such as the
 * trunk of a pre-activation ResNet or the features of a DenseNet, channels are selected in front of it, so that it and the
 * convolution behind it shrink and the others keep all. While channels are being chosen, a selection is a layer whose weights
 * are the unit matrix: removing outputs of it leaves the columns of those that are selected.
 */
export function selectableModel(source: Model): SelectableModel {
  const layers = new Map<Id, Id>();
  const reopened = patch(source, (edit) => {
    const made = producers(source);
    for (const node of source.nodes) {
      const old = isOp(node, batchNorm) ? selectionOf(source, made.get(node.inputs[0])) : undefined;
      if (old) addLayer(edit, node, old.from, old.picks, layers);
    }
  });
  const model = patch(reopened, (edit) => {
    for (const node of selectionSites(reopened, layers)) {
      const [from] = node.inputs;
      addLayer(edit, node, from, allOf(reopened, from), layers);
    }
  });
  const weights = new Set(layers.values());
  const groups = channelGroups(model).groups.filter(({ slots }) =>
    slots.every(({ value, axis }) => !weights.has(value) || axis === typeOf(model, value).shape.length - 1),
  );
  return { model, groups, finish: (pruned) => withSelections(pruned, layers) };
}

/** Batch norms in front of which channels are to be selected, beside those behind `layers`. */
function selectionSites(model: Model, layers: ReadonlyMap<Id, Id>): Node[] {
  const users = consumers(model);
  const made = producers(model);
  const ends = leaves(model);
  const norms = model.nodes.filter((node) => isOp(node, batchNorm) && !layers.has(node.inputs[0]));
  const readers = new Set([...norms.map(({ inputs }) => inputs[1]), ...layers.values()]);
  // Scales of norms that read channels which others, or selections, read too.
  const shared = new Set<Id>();
  for (const { slots } of channelGroups(model).groups) {
    const own = slots.filter(({ value }) => readers.has(value)).map(({ value }) => value);
    if (own.length > 1) for (const id of own) shared.add(id);
  }
  return norms.filter((node) => {
    const [input, scale] = node.inputs;
    const { shape, dtype } = typeOf(model, input);
    if (dtype !== 'float32' || (shape.length !== 2 && shape.length !== 4)) return false;
    // What one layer computes for this norm alone goes with it.
    const isOwn = made.get(input)?.op.linear && users.get(input)?.length === 1 && !ends.has(input);
    return shared.has(scale) && !isOwn;
  });
}

/** What a gather along the last axis selects, where its indices are constant. */
function selectionOf(model: Model, node: Node | undefined) {
  if (!node || !isOp(node, gather)) return undefined;
  const [from, indices] = node.inputs;
  const { axis } = attributesOf(node, gather);
  const picks = model.parameters.get(indices)?.tensor;
  if (!picks || picks.shape.length !== 1 || !model.values.has(from)) return undefined;
  const isLast = axis === typeOf(model, from).shape.length - 1;
  return isLast ? { from, picks: Array.from(picks.data as ArrayLike<number | bigint>, Number) } : undefined;
}

function allOf(model: Model, id: Id): number[] {
  return Array.from({ length: concrete(typeOf(model, id).shape).at(-1)! }, (_, channel) => channel);
}

/** Puts a selection in front of a norm, and its weight's id into `layers`, by that of its result. */
function addLayer(
  edit: ModelEditor,
  norm: Node,
  from: Id,
  picks: readonly number[],
  layers: Map<Id, Id>,
): void {
  const { shape } = edit.typeOf(from);
  const channels = concrete(shape).at(-1)!;
  const data = new Float32Array(channels * picks.length);
  picks.forEach((channel, column) => (data[channel * picks.length + column] = 1));
  const name = edit.freshId(`${nodeName(norm)}/select`);
  const isImage = shape.length === 4;
  const weight = edit.addParameter({
    id: `${name}/weight`,
    tensor: float32(isImage ? [1, 1, channels, picks.length] : [channels, picks.length], data),
    role: 'weight',
    trainable: false,
  });
  const plain = { strides: [1, 1], padding: 'valid', dilations: [1, 1], groups: 1 };
  const [output] = isImage
    ? edit.addNode(conv2d, { ...plain, activation: 'none' } as never, [from, weight], { outputs: [name] })
    : edit.addNode(dense, { activation: 'none' }, [from, weight], { outputs: [name] });
  edit.replaceNode(norm, norm.op, norm.attributes, [output, ...norm.inputs.slice(1)]);
  layers.set(output, weight);
}

function withSelections(pruned: Model, layers: ReadonlyMap<Id, Id>): Model {
  return patch(pruned, (edit) => {
    for (const node of pruned.nodes) {
      const [output] = node.outputs;
      if (!layers.has(output)) continue;
      const [from, weight] = node.inputs;
      const { shape, data } = pruned.parameters.get(weight)!.tensor;
      const [rows, columns] = shape.slice(-2);
      const picks = Int32Array.from({ length: columns }, (_, column) => {
        for (let row = 0; row < rows; row++) if (data[row * columns + column] !== 0) return row;
        return -1;
      });
      if (columns === rows && picks.every((row, column) => row === column)) {
        edit.removeNode(node);
        edit.replaceUses(output, from);
        continue;
      }
      const indices = edit.addParameter({
        id: `${output}/indices`,
        tensor: tensor('int32', [columns], picks),
        role: 'weight',
        trainable: false,
      });
      edit.replaceNode(node, gather, { axis: edit.typeOf(from).shape.length - 1 }, [from, indices]);
    }
  });
}
