import {
  add,
  batchNorm,
  conv2d,
  createRandom,
  dense,
  flatten,
  float32,
  interpret,
  ModelBuilder,
  patch,
  relu,
  sizeOf,
  softmax,
  tensor,
} from '@whittle/core';
import type { BatchSource, Id, Model, ParameterRole } from '@whittle/core';
import { afterEach, describe, expect, test } from 'vitest';
import { crossEntropy, loadTensorFlow, lossGradients, tensorFlowUnavailable } from './index.js';
import type { GradientOptions, LossGradients } from './index.js';

const missing = process.env.CI === 'true' ? undefined : await tensorFlowUnavailable();
const random = createRandom(4);

const none = { activation: 'none' } as const;
const pair: [number, number] = [1, 1];
const plain = { ...none, strides: pair, padding: 'same' as const, dilations: pair, groups: 1 };

/** [4, 4, 1] to 3 classes, with batch norm and a shortcut. */
function network(): Model {
  const builder = new ModelBuilder('net');
  const parameter = (id: string, role: ParameterRole, shape: readonly number[], around = 0): Id => {
    const stream = random.at(id);
    const data = Float32Array.from({ length: sizeOf(shape) }, () => around + 0.4 * stream.normal());
    return builder.parameter(id, float32(shape, data.map(role === 'variance' ? Math.abs : (x) => x)), role);
  };
  const x = builder.input('x', ['batch', 4, 4, 1]);
  const first = builder.node('first', conv2d, plain, [x, parameter('first/w', 'weight', [3, 3, 1, 2])]);
  const norm = builder.node('norm', batchNorm, { epsilon: 1e-3 }, [
    first,
    parameter('gamma', 'scale', [2], 1),
    parameter('beta', 'offset', [2]),
    parameter('mean', 'mean', [2]),
    parameter('variance', 'variance', [2], 1),
  ]);
  const active = builder.node('active', relu, {}, [norm]);
  const second = builder.node('second', conv2d, plain, [
    active,
    parameter('second/w', 'weight', [3, 3, 2, 2]),
  ]);
  const sum = builder.node('sum', add, none, [active, second]);
  const logits = builder.node('logits', dense, none, [
    builder.node('flat', flatten, {}, [sum]),
    parameter('logits/w', 'weight', [32, 3]),
  ]);
  builder.output(builder.node('y', softmax, { beta: 1 }, [logits]));
  return builder.finish();
}

const data: BatchSource = {
  examples: 10,
  count: 2,
  *batches() {
    for (const [step, size] of [6, 4].entries()) {
      const stream = random.at('data', 0, step);
      const images = Float32Array.from({ length: size * 16 }, () => stream.normal());
      const labels = Int32Array.from({ length: size }, () => stream.int(3));
      yield { inputs: [float32([size, 4, 4, 1], images)], labels: tensor('int32', [size], labels) };
    }
  },
};

async function gradients(model: Model, options: Partial<GradientOptions>): Promise<LossGradients[]> {
  const found: LossGradients[] = [];
  for await (const each of lossGradients(model, data, { terms: [crossEntropy()], ...options }))
    found.push(each);
  return found;
}

/** Cross entropy of a batch by the interpreter, in double precision from the probabilities on. */
function lossOf(model: Model, { inputs, labels }: LossGradients['batch']): number {
  const scores = interpret(model, new Map([['x', inputs[0]]])).get('y')!;
  const size = labels.data.length;
  let sum = 0;
  for (let i = 0; i < size; i++) sum -= Math.log(Number(scores.data[3 * i + Number(labels.data[i])]));
  return sum / size;
}

function nudged(model: Model, id: Id, index: number, by: number): Model {
  const { tensor: old } = model.parameters.get(id)!;
  const values = Float32Array.from(old.data as Float32Array);
  values[index] += by;
  return patch(model, (edit) => edit.setParameter(id, { tensor: float32(old.shape, values) }));
}

describe.skipIf(missing)(`gradients of a loss ${missing ?? ''}`, async () => {
  const tf = missing === undefined ? await loadTensorFlow() : (undefined as never);
  afterEach(() => expect(tf.memory().numTensors).toBe(0));
  const model = network();

  test('by parameters they are what differences of the loss say, batch by batch', async () => {
    const ids = ['first/w', 'gamma', 'beta', 'second/w', 'logits/w'];
    const found = await gradients(model, { parameters: ids });
    expect(found.map(({ batch }) => batch.labels.data.length)).toEqual([6, 4]);
    for (const { batch, loss, parameters } of found) {
      expect(loss).toBeCloseTo(lossOf(model, batch), 5);
      for (const id of ids)
        for (const index of [0, 1]) {
          const [above, below] = [2e-3, -2e-3].map((by) => lossOf(nudged(model, id, index, by), batch));
          expect(parameters.get(id)!.data[index]).toBeCloseTo((above - below) / 4e-3, 3);
        }
    }
  });

  test('by values they count all that reads them', async () => {
    const [{ batch, values }] = await gradients(model, { values: ['active', 'sum'], batches: 1 });
    const { value, gradient } = values.get('active')!;
    // A bias behind the activation, alike in all examples, of one element: it moves just this.
    const each = value.data.length / 6;
    const shifted = (index: number, by: number) => {
      const shift = new Float32Array(each);
      shift[index] = by;
      const bias = { id: 'shift', role: 'bias', trainable: false } as const;
      return patch(model, (edit) => {
        const id = edit.addParameter({ ...bias, tensor: float32([1, 4, 4, 2], shift) });
        const [moved] = edit.addNode(add, none, ['active', id], { outputs: ['moved'] });
        edit.replaceUses('active', moved, (node) => node.outputs[0] === moved);
      });
    };
    const feeds = new Map([['x', batch.inputs[0]]]);
    const computed = interpret(model, feeds, ['active']).get('active')!;
    computed.data.forEach((x, i) => expect(Number(value.data[i])).toBeCloseTo(Number(x), 4));
    for (const index of [0, 7, 20, 31]) {
      const [above, below] = [2e-3, -2e-3].map((by) => lossOf(shifted(index, by), batch));
      let sum = 0;
      for (let i = index; i < gradient.data.length; i += each) sum += gradient.data[i];
      expect(sum).toBeCloseTo((above - below) / 4e-3, 3);
    }
  });

  test('in training mode the running statistics stay, and the same batch gives the same', async () => {
    const run = () => gradients(model, { parameters: ['gamma'], mode: 'training' });
    const [first, again] = [await run(), await run()];
    expect(first[1].parameters.get('gamma')).toEqual(again[1].parameters.get('gamma'));
    const inference = await gradients(model, { parameters: ['gamma'] });
    expect(first[0].loss).not.toBeCloseTo(inference[0].loss, 3);
  });

  test.each([
    [{ terms: [], parameters: ['gamma'] }, 'no term'],
    [{}, 'differentiate by'],
    [{ parameters: ['nowhere'] }, "'nowhere' is no float32 parameter"],
    [{ values: ['x'] }, "'x' is no float32 value"],
    [{ parameters: ['gamma'], batches: 0 }, 'found 0'],
  ])('%o is refused', async (options, message) => {
    await expect(gradients(model, options)).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: expect.stringContaining(message),
    });
  });

  test('a term that throws leaves nothing behind', async () => {
    const broken = {
      name: 'broken',
      weight: 1,
      loss: () => {
        throw new Error('broken');
      },
    };
    await expect(
      gradients(model, { parameters: ['gamma'], terms: [crossEntropy(), broken] }),
    ).rejects.toThrow('broken');
  });
});
