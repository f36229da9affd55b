import type { ReadonlyIndexSet } from '../analysis/index-set.js';
import type { Id, Model, Node } from '../model.js';
import { typeOf } from '../model.js';
import { attributesOf, isOp, viewNode } from '../op.js';
import { batchNorm, conv2d, convGeometry, depthwiseConv2d, transposeConv2d } from '../ops/index.js';
import type { FusedActivation } from '../ops/index.js';
import { patch } from '../patch.js';
import type { Tensor } from '../tensor.js';
import { consumers, soleConsumer } from '../traverse.js';
import { AdditionList, addRows } from './additions.js';
import type { Addition, Additions } from './additions.js';
import { channelConstants } from './channel-constants.js';
import type { ChannelConstants } from './held-constants.js';
import type { RemovedIndices } from './removals.js';

/** A layer that reads removed channels which hold constants other than 0. */
export interface ConstantReader {
  readonly node: Node;
  /** The channels' constants by index along the last axis of the layer's input. */
  readonly constants: ReadonlyMap<number, number>;
  /** Channels that hold no one constant, and why. */
  readonly varying: ReadonlyMap<number, string>;
  /** Whether what the constants add differs from place to place: no bias says that. */
  readonly uneven: boolean;
  /** Groups of the convolution, each of which reads its own block of input channels. */
  readonly blocks: number;
}

/** The layers that removed channels send constants to, in order. */
export function constantReaders(model: Model, removed: RemovedIndices): ConstantReader[] {
  const known = channelConstants(model, removed);
  return model.nodes.flatMap((node): ConstantReader[] => {
    const held = known.get(node.inputs[0]);
    if (!held || !node.op.linear || isOp(node, depthwiseConv2d)) return [];
    const { constants, varying } = alongLastAxis(model, node, held);
    if (constants.size === 0 && varying.size === 0) return [];
    const blocks = isOp(node, conv2d) ? attributesOf(node, conv2d).groups : 1;
    return [{ node, constants, varying, uneven: isUneven(model, node), blocks }];
  });
}

function alongLastAxis(model: Model, { inputs: [input] }: Node, { axes, at, varying }: ChannelConstants) {
  if (axes.join() === String(typeOf(model, input).shape.length - 1))
    return { constants: new Map([...at].filter(([, value]) => value !== 0)), varying };
  return { constants: new Map<number, number>(), varying: new Map([[0, `${input} mixes their places`]]) };
}

/** Windows that reach beyond the image read zeros there; those of a transposed convolution overlap unevenly. */
function isUneven(model: Model, node: Node): boolean {
  if (isOp(node, transposeConv2d)) return true;
  if (!isOp(node, conv2d)) return false;
  const { top, bottom, left, right } = convGeometry(viewNode(model, node) as never);
  return top + bottom + left + right > 0;
}

/** A model whose parameters gain what removed channels sent, once these are gone, and what to remove from it. */
export interface Absorbed {
  readonly model: Model;
  readonly additions: Additions;
  /** Parameters that came in lose channels like those they stand for. */
  readonly removed: RemovedIndices;
}

/**
 * Finds what the layers that read removed channels gain in their place: in the bias (or in the mean of the batch norm
 * behind it), or, where it differs from place to place, in the weights of a channel that stays and holds a constant itself.
 */
export function absorbConstants(
  model: Model,
  readers: readonly ConstantReader[],
  removed: RemovedIndices,
): Absorbed {
  const users = consumers(model);
  let list: AdditionList | undefined;
  const changed = patch(model, (edit) => {
    list = new AdditionList(model, edit, users, removed);
    for (const reader of readers) {
      const gone = removed
        .get(reader.node.inputs[0])
        ?.get(typeOf(model, reader.node.inputs[0]).shape.length - 1);
      const weight = model.parameters.get(reader.node.inputs[1])?.tensor;
      if (!gone || !weight) continue;
      if (reader.uneven) list.add(reader.node, 1, carriersGain(weight, reader, gone));
      else addToBias(list, model, users, reader, biasGain(weight, reader, gone));
    }
  });
  return { model: changed, additions: list!.additions, removed: list!.removed };
}

/** What stays of a reader's constants holds other channels' too, in the proportion of the constants. */
function carriersGain(weight: Tensor, reader: ConstantReader, gone: ReadonlyIndexSet): Addition[] {
  const { constants, blocks } = reader;
  const { taps, outputs, perBlock, data } = matrices(weight);
  const share = outputs / blocks;
  return Array.from({ length: blocks }).flatMap((_, block) => {
    const inBlock = [...constants].filter(([index]) => Math.floor(index / perBlock) === block);
    const carrier = largest(inBlock.filter(([index]) => !gone.has(index)));
    if (!carrier) return [];
    const held = inBlock.filter(([index]) => gone.has(index));
    const rowOf = (tap: number, index: number) =>
      (tap * perBlock + (index % perBlock)) * outputs + block * share;
    return Array.from({ length: taps }, (_, tap): Addition => {
      const values = new Float64Array(share);
      const rows = held.map(([index, constant]) => ({
        start: rowOf(tap, index),
        factor: constant / carrier[1],
      }));
      addRows(values, data, rows);
      return { start: rowOf(tap, carrier[0]), values };
    });
  });
}

/** A layer's weights as a matrix for each tap of its kernel: a row for each input of a block, of all outputs. */
function matrices({ shape, data }: Tensor) {
  const [outputs, perBlock] = [shape.at(-1)!, shape.at(-2)!];
  return { taps: data.length / outputs / perBlock, outputs, perBlock, data: data as Float32Array };
}

/** The entry whose constant is largest, of the least index among equals. */
export function largest(constants: readonly (readonly [index: number, constant: number])[]) {
  let best: readonly [number, number] | undefined;
  for (const entry of constants) if (!best || Math.abs(entry[1]) > Math.abs(best[1])) best = entry;
  return best;
}

/** Adds to a layer's outputs before its activation: to its bias, or where the batch norm behind it has one. */
function addToBias(
  list: AdditionList,
  model: Model,
  users: ReadonlyMap<Id, readonly Node[]>,
  { node }: ConstantReader,
  gain: Float64Array,
): void {
  if (gain.every((value) => value === 0)) return;
  const next = soleConsumer(model, users, node.outputs[0]);
  const isLinear = (node.attributes as { activation?: FusedActivation }).activation === 'none';
  if (node.inputs.length > 2) list.add(node, 2, [{ start: 0, values: gain }]);
  else if (next && isLinear && isOp(next, batchNorm))
    list.add(next, 3, [{ start: 0, values: gain.map((value) => -value) }]);
  else list.addBias(node, gain);
}

/** What constants add to each output of a convolution or dense layer, every tap of the kernel being inside. */
function biasGain(
  weight: Tensor,
  { constants, blocks }: ConstantReader,
  gone: ReadonlyIndexSet,
): Float64Array {
  const { taps, outputs, perBlock, data } = matrices(weight);
  const share = outputs / blocks;
  const gain = new Float64Array(outputs);
  for (let block = 0; block < blocks; block++) {
    const held = [...constants].filter(
      ([index]) => gone.has(index) && Math.floor(index / perBlock) === block,
    );
    const rows = Array.from({ length: taps }, (_, tap) =>
      held.map(([index, factor]) => ({
        start: (tap * perBlock + (index % perBlock)) * outputs + block * share,
        factor,
      })),
    );
    addRows(gain.subarray(block * share, (block + 1) * share), data, rows.flat());
  }
  return gain;
}
