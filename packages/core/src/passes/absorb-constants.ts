import type { Id, Model, Node, Parameter } from '../model.js';
import { nodeName, typeOf } from '../model.js';
import { attributesOf, isOp, viewNode } from '../op.js';
import { batchNorm, conv2d, convGeometry, depthwiseConv2d, transposeConv2d } from '../ops/index.js';
import type { FusedActivation } from '../ops/index.js';
import type { ModelEditor } from '../patch.js';
import { patch } from '../patch.js';
import { float32 } from '../tensor.js';
import { consumers, soleConsumer } from '../traverse.js';
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

/**
 * Adds what removed channels send downstream to the layers that read them: to the bias (or to the mean of the batch norm
 * behind it), or, where it differs from place to place, to the weights of a channel that stays and holds a constant itself.
 * Returns the model, and what to remove from it: parameters that came in lose channels like those they stand for.
 */
export function absorbConstants(
  model: Model,
  readers: readonly ConstantReader[],
  removed: RemovedIndices,
): { readonly model: Model; readonly removed: RemovedIndices } {
  const users = consumers(model);
  const all = new Map(removed);
  const changed = patch(model, (edit) => {
    const edits = new ParameterEdits(model, edit, users, all);
    for (const reader of readers) {
      const gone = removed
        .get(reader.node.inputs[0])
        ?.get(typeOf(model, reader.node.inputs[0]).shape.length - 1);
      if (!gone) continue;
      if (reader.uneven) edits.change(reader.node, 1, (weight) => addToCarriers(weight, reader, gone));
      else addToBias(edits, model, users, reader, gone);
    }
    edits.apply();
  });
  return { model: changed, removed: all };
}

/** Copies of parameters under change. Those that several nodes read are parted. */
class ParameterEdits {
  readonly #copies = new Map<Id, Parameter>();
  readonly #nodes = new Map<Node, Node>();

  constructor(
    private readonly model: Model,
    private readonly edit: ModelEditor,
    private readonly users: ReadonlyMap<Id, readonly Node[]>,
    private readonly removed: Map<Id, ReadonlyMap<number, ReadonlySet<number>>>,
  ) {}

  /** Changes the data of a node's operand in place of a copy. */
  change(node: Node, operand: number, change: (parameter: Parameter, data: Float32Array) => void): void {
    const id = (this.#nodes.get(node) ?? node).inputs[operand];
    let copy = this.#copies.get(id);
    if (!copy) {
      const old = this.model.parameters.get(id) as Parameter;
      copy = {
        ...old,
        tensor: float32(old.tensor.shape, Float32Array.from(old.tensor.data as Float32Array)),
      };
      if ((this.users.get(id)?.length ?? 0) > 1) {
        const own = this.edit.addParameter(copy);
        copy = { ...copy, id: own };
        const gone = this.removed.get(id);
        if (gone) this.removed.set(own, gone);
        this.#setInputs(node, (inputs) => inputs.map((input, i) => (i === operand ? own : input)));
      }
      this.#copies.set(copy.id, copy);
    }
    change(copy, copy.tensor.data as Float32Array);
  }

  addBias(node: Node, delta: Float64Array): void {
    const bias = this.edit.addParameter({
      id: `${nodeName(node)}/bias`,
      tensor: float32([delta.length], Float32Array.from(delta)),
      role: 'bias',
      trainable: true,
    });
    const gone = this.removed.get(node.outputs[0])?.get(typeOf(this.model, node.outputs[0]).shape.length - 1);
    if (gone) this.removed.set(bias, new Map([[0, gone]]));
    this.#setInputs(node, (inputs) => [...inputs, bias]);
  }

  apply(): void {
    for (const [id, { tensor }] of this.#copies) this.edit.setParameter(id, { tensor });
  }

  #setInputs(node: Node, change: (inputs: readonly Id[]) => readonly Id[]): void {
    const now = this.#nodes.get(node) ?? node;
    this.#nodes.set(node, this.edit.replaceNode(now, now.op, now.attributes, change(now.inputs)));
  }
}

/** What stays of a reader's constants: they hold other channels' too, in the proportion of the constants. */
function addToCarriers({ tensor }: Parameter, reader: ConstantReader, gone: ReadonlySet<number>): void {
  const { constants, blocks } = reader;
  const data = tensor.data as Float32Array;
  const [outputs, perBlock] = [tensor.shape.at(-1)!, tensor.shape.at(-2)!];
  const taps = data.length / outputs / perBlock;
  const share = outputs / blocks;
  for (let block = 0; block < blocks; block++) {
    const inBlock = [...constants].filter(([index]) => Math.floor(index / perBlock) === block);
    const carrier = largest(inBlock.filter(([index]) => !gone.has(index)));
    if (!carrier) continue;
    for (const [index, constant] of inBlock) {
      if (!gone.has(index)) continue;
      for (let tap = 0; tap < taps; tap++)
        for (let o = block * share; o < (block + 1) * share; o++) {
          const row = tap * perBlock;
          data[(row + (carrier[0] % perBlock)) * outputs + o] +=
            (constant / carrier[1]) * data[(row + (index % perBlock)) * outputs + o];
        }
    }
  }
}

/** The entry whose constant is largest, of the least index among equals. */
export function largest(constants: readonly (readonly [index: number, constant: number])[]) {
  let best: readonly [number, number] | undefined;
  for (const entry of constants) if (!best || Math.abs(entry[1]) > Math.abs(best[1])) best = entry;
  return best;
}

/** Adds what the channels that go give to a layer's bias, before its activation. */
function addToBias(
  edits: ParameterEdits,
  model: Model,
  users: ReadonlyMap<Id, readonly Node[]>,
  { node, constants, blocks }: ConstantReader,
  gone: ReadonlySet<number>,
): void {
  const weight = model.parameters.get(node.inputs[1]);
  if (!weight) return;
  const delta = biasChange(
    weight,
    [...constants].filter(([index]) => gone.has(index)),
    blocks,
  );
  if (delta.every((d) => d === 0)) return;
  const add = (sign: 1 | -1) => (_: Parameter, data: Float32Array) =>
    delta.forEach((d, i) => (data[i] += sign * d));
  const next = soleConsumer(model, users, node.outputs[0]);
  const isLinear = (node.attributes as { activation?: FusedActivation }).activation === 'none';
  if (node.inputs.length > 2) edits.change(node, 2, add(1));
  else if (next && isLinear && isOp(next, batchNorm)) edits.change(next, 3, add(-1));
  else edits.addBias(node, delta);
}

/** What constants add to each output of a convolution or dense layer, every tap of the kernel being inside. */
function biasChange(
  { tensor }: Parameter,
  constants: readonly (readonly [number, number])[],
  blocks: number,
): Float64Array {
  const weight = tensor.data as Float32Array;
  const [outputs, perBlock] = [tensor.shape.at(-1)!, tensor.shape.at(-2)!];
  const taps = weight.length / outputs / perBlock;
  const delta = new Float64Array(outputs);
  for (const [index, constant] of constants) {
    const block = Math.floor(index / perBlock);
    for (let tap = 0; tap < taps; tap++)
      for (let o = (block * outputs) / blocks; o < ((block + 1) * outputs) / blocks; o++)
        delta[o] += constant * weight[(tap * perBlock + (index % perBlock)) * outputs + o];
  }
  return delta;
}
