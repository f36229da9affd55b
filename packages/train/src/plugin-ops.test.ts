import {
  createRegistry,
  dense,
  defineOp,
  definePlugin,
  float32,
  interpret,
  lower,
  ModelBuilder,
  mul,
  patch,
  relu,
  runPipeline,
  tensor,
} from '@whittle/core';
import type { BatchSource, Model, OpDefinition } from '@whittle/core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  meanSquaredError,
  sgd,
  squaredError,
  tensorFlowUnavailable,
  tfjsEvaluator,
  train,
  TRAIN,
  trainLowering,
} from './index.js';

const missing = process.env.CI === 'true' ? undefined : await tensorFlowUnavailable();

const squareBase = {
  version: 1,
  operands: [{ name: 'input' }],
  attributes: z.object({}).strict(),
  infer: (n) => [n.inputs[0]],
  cost: () => ({ macs: 0, flops: 0, activationFlops: 0 }),
  channels: () => ({ ties: [] }),
  evaluate: (_, [x]) => [
    float32(
      x.shape,
      (x.data as Float32Array).map((v) => v * v),
    ),
  ],
} satisfies Omit<OpDefinition<object>, 'name'>;
const square = defineOp<object>({ ...squareBase, name: 'plain_square' });
const composedSquare = defineOp<object>({
  ...squareBase,
  name: 'composed_square',
  decompose: (n, add) => add(mul, { activation: 'none' }, [n.inputIds[0], n.inputIds[0]]),
});
const squares = definePlugin({
  name: 'squares',
  ops: [square, composedSquare],
  lowerings: [lower(TRAIN, square, () => trainLowering((_, [x], { tf }) => tf.square(x)))],
});

/** y = (a x)^2, where a is to become 3. */
function model(op: OpDefinition): Model {
  const builder = new ModelBuilder('squares');
  const x = builder.input('x', ['batch', 1]);
  const product = builder.node('ax', dense, { activation: 'none' }, [
    x,
    builder.parameter('a', float32([1, 1], [1]), 'weight'),
  ]);
  builder.output(builder.node('y', op, {}, [product]));
  return builder.finish();
}

const data: BatchSource = {
  examples: 400,
  count: 50,
  *batches({ random, epoch }) {
    for (let step = 0; step < 50; step++) {
      const stream = random.at('data', epoch, step);
      const x = Float32Array.from({ length: 8 }, () => stream.normal());
      yield {
        inputs: [float32([8, 1], x)],
        labels: float32(
          [8, 1],
          x.map((v) => 9 * v * v),
        ),
      };
    }
  },
};
const options = {
  data,
  epochs: 2,
  optimizer: sgd({ momentum: 0 }),
  learningRate: 0.002,
  terms: [meanSquaredError()] as [ReturnType<typeof meanSquaredError>],
  metrics: [squaredError()],
};

describe.skipIf(missing)(`the pass train/fit, and ops of plugins ${missing ?? ''}`, () => {
  test.each([square, composedSquare])('$name is trained and evaluated', async (op) => {
    const progress: [number, string | undefined][] = [];
    const { model: trained, passes } = await runPipeline(model(op), [train(options)], {
      plugins: [squares],
      progress: (title, total) => {
        expect([title, total]).toEqual(['training', 100]);
        return { update: (done, note) => void progress.push([done, note]), finish() {} };
      },
    });
    expect(trained.nodes.map((node) => node.op)).toEqual([dense, op]);
    expect(Number(trained.parameters.get('a')!.tensor.data[0])).toBeCloseTo(3, 1);
    expect(passes[0].report!.history).toHaveLength(2);
    expect(progress.at(-1)![0]).toBe(100);
    expect(progress[0][1]).toMatch(/^epoch 1\/2, loss [\d.]+, squared-error [\d.]+$/);
    const feeds = new Map([['x', float32([2, 1], [1, -2])]]);
    const evaluator = await tfjsEvaluator({ lowerings: createRegistry([squares]).lowerings });
    const found = (await evaluator.run(trained, feeds, ['y', 'ax', 'a'])).get('y')!;
    interpret(trained, feeds)
      .get('y')!
      .data.forEach((value: number | bigint, i: number) =>
        expect(Number(found.data[i])).toBeCloseTo(Number(value), 5),
      );
  });

  test('an op without lowering and decomposition is refused by name', async () => {
    await expect(runPipeline(model(square), [train(options)])).rejects.toMatchObject({
      code: 'OP_UNSUPPORTED',
      message: 'y: train has no plain_square for (float32[batch, 1])',
    });
  });

  test('quantized values and codebooks are not trained', async () => {
    const builder = new ModelBuilder('int8');
    const q = { scale: Float32Array.of(0.1), zeroPoint: Int32Array.of(0) };
    const x = builder.input('x', ['batch', 2], { dtype: 'int8', quantization: q });
    builder.output(builder.node('y', relu, {}, [x], { quantization: [q] }));
    await expect(runPipeline(builder.finish(), [train(options)])).rejects.toMatchObject({
      code: 'OP_UNSUPPORTED',
      message: /floating point\) has no relu for \(int8/,
    });
    const coded = patch(model(composedSquare), (edit) =>
      edit.setParameter('a', { codebook: Float32Array.of(0, 1) }),
    );
    await expect(runPipeline(coded, [train(options)])).rejects.toMatchObject({ code: 'MODEL_NOT_TRAINABLE' });
  });

  test('the evaluator refuses feeds that do not fit, and values that are not there', async () => {
    const evaluator = await tfjsEvaluator();
    const m = model(composedSquare);
    await expect(evaluator.run(m, new Map(), ['y'])).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
    const wrong = new Map([['x', tensor('int32', [2, 1])]]);
    await expect(evaluator.run(m, wrong, ['y'])).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
    const feeds = new Map([['x', float32([2, 1])]]);
    await expect(evaluator.run(m, feeds, ['z'])).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  });
});

test('options of the pass are checked when it is made', () => {
  const make = (rest: object) => () => train({ ...options, ...rest } as never);
  for (const [rest, message] of [
    [{ epochs: 0 }, /train\/fit: option 'epochs'.*found 0/],
    [{ data: 3 }, /option 'data': must be a batch source.*found 3/],
    [{ optimizer: 'sgd' }, /option 'optimizer': must be an optimizer.*found "sgd"/],
    [{ epoch: 3 }, /Unrecognized key: "epoch"/],
    [{ statisticsMomentum: 1 }, /option 'statisticsMomentum'/],
    [{ terms: [] }, /option 'terms'/],
  ] as const)
    expect(make(rest)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringMatching(message) as string }),
    );
});
