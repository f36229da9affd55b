import {
  attributesOf,
  channelGroups,
  consumers,
  conv2d,
  convGeometry,
  definePass,
  dense,
  isOp,
  patch,
  removeChannels,
  typeOf,
  viewNode,
} from '@whittle/core';
import type { ChannelGroup, Id, LoweringTable, Model, Node, Removal } from '@whittle/core';
import { z } from 'zod';
import { constantChannels } from './constant-channels.js';
import type { ConstantChannels } from './constant-channels.js';

/** Rounds of removal: a channel that goes may leave others behind it without a reader. */
const ROUNDS = 16;

/** No bias is made larger than this, far from where sums of 32 bits wrap. */
const BIAS_LIMIT = 2 ** 29;

/**
 * Removes channels of a quantized model that can't influence its output: those that nothing reads (all weights zero), and
 * those that hold a constant which their readers can do without, or take into their bias. Every output stays the same to
 * the bit, at borders too: there a constant other than the zero point is kept, since padding adds nothing to a sum.
 * Returns the same model where there are none. @throws OP_UNSUPPORTED, QUANTIZATION_INVALID
 */
export async function withoutIdleChannels(source: Model, lowerings?: LoweringTable): Promise<Model> {
  let model = source;
  for (let round = 0; round < ROUNDS; round++) {
    const next = removeIdle(model, await constantChannels(model, lowerings));
    if (next === model) break;
    model = next;
  }
  return model;
}

/** `withoutIdleChannels` as a pass. */
export const removeIdleChannels = definePass({
  name: 'int8/remove-idle-channels',
  description: 'Removes channels that cannot influence the output, without a bit of change',
  options: z.object({}).strict().prefault({}),
  changes: ['structure', 'weights'],
  run: (model, context) => withoutIdleChannels(model, context.lowerings),
});

function removeIdle(model: Model, known: ReadonlyMap<Id, ConstantChannels>): Model {
  const users = consumers(model);
  const changes = new BiasChanges();
  const removals = channelGroups(model).groups.flatMap((group): Removal[] => {
    if (group.blocks > 1) return [];
    const idle: number[] = [];
    for (let c = 0; c < group.channels.length && idle.length < group.channels.length - 1; c++) {
      const deltas = channelDeltas(model, users, group, c, known);
      if (!deltas) continue;
      idle.push(c);
      for (const { bias, delta } of deltas) changes.add(bias, delta);
    }
    return idle.length > 0 ? [{ group, channels: idle }] : [];
  });
  if (removals.length === 0) return model;
  return removeChannels(changes.apply(model), removals, { absorb: 'none' }).model;
}

/** What a channel adds to a bias that stands in for it. */
interface BiasDelta {
  readonly bias: Id;
  readonly delta: Float64Array;
}

/** Changes of biases under which a channel can go; nothing where some reader needs it. */
function channelDeltas(
  model: Model,
  users: ReadonlyMap<Id, readonly Node[]>,
  group: ChannelGroup,
  channel: number,
  known: ReadonlyMap<Id, ConstantChannels>,
): BiasDelta[] | undefined {
  const deltas: BiasDelta[] = [];
  const { indices } = group.channels[channel];
  for (const [slot, { value, axis }] of group.slots.entries()) {
    if (!model.parameters.has(value)) continue;
    for (const node of users.get(value) ?? []) {
      const readsChannels =
        node.inputs[1] === value && node.op.linear && !node.op.linear.outputAxes.includes(axis);
      if (!readsChannels) continue;
      const delta = readerDelta(model, users, node, axis, indices[slot], known.get(node.inputs[0]));
      if (!delta) return undefined;
      deltas.push(...delta);
    }
  }
  return deltas;
}

/** As above for one layer, whose weights have the channel at `indices` of an axis. */
function readerDelta(
  model: Model,
  users: ReadonlyMap<Id, readonly Node[]>,
  node: Node,
  axis: number,
  indices: readonly number[],
  constants: ConstantChannels | undefined,
): BiasDelta[] | undefined {
  const isConv = isOp(node, conv2d);
  if (!isConv && !isOp(node, dense)) return undefined;
  const { data, shape } = model.parameters.get(node.inputs[1])!.tensor;
  const weightZeroPoint = zeroPointOf(model, node.inputs[1]);
  const inputZeroPoint = zeroPointOf(model, node.inputs[0]);
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const outputs = shape[shape.length - 1];
  const delta = new Float64Array(outputs);
  for (const index of indices) {
    const constant = constants?.get(index);
    for (let block = index * inner; block < data.length; block += shape[axis] * inner)
      for (let i = block; i < block + inner; i++) {
        const factor = Number(data[i]) - weightZeroPoint;
        if (factor === 0) continue;
        if (constant === undefined) return undefined;
        delta[i % outputs] += factor * (constant - inputZeroPoint);
      }
  }
  if (delta.every((d) => d === 0)) return [];
  const bias = node.inputs[2];
  if (bias === undefined || users.get(bias)?.length !== 1) return undefined;
  const old = model.parameters.get(bias)?.tensor.data;
  if (!old || delta.some((d, o) => Math.abs(Number(old[o]) + d) >= BIAS_LIMIT)) return undefined;
  if (isConv) {
    const { top, bottom, left, right } = convGeometry(viewNode(model, node) as never);
    if (top + bottom + left + right > 0 || attributesOf(node, conv2d).groups > 1) return undefined;
  }
  return [{ bias, delta }];
}

function zeroPointOf(model: Model, id: Id): number {
  return typeOf(model, id).quantization?.zeroPoint[0] ?? 0;
}

/** Sums of what channels that go leave to biases. */
class BiasChanges {
  readonly #sums = new Map<Id, Float64Array>();

  add(bias: Id, delta: Float64Array): void {
    const sum = this.#sums.get(bias);
    if (sum) delta.forEach((d, i) => (sum[i] += d));
    else this.#sums.set(bias, delta.slice());
  }

  apply(model: Model): Model {
    return patch(model, (edit) => {
      for (const [id, sum] of this.#sums) {
        const { tensor } = model.parameters.get(id)!;
        const data = Int32Array.from(tensor.data as Int32Array, (b, i) => b + sum[i]);
        edit.setParameter(id, { tensor: { ...tensor, data } });
      }
    });
  }
}
