import { describe, expect, it } from 'vitest';
import * as core from '@whittle/core';
import { createRandom, float32, interpret, runPipeline, sizeOf, tensor, typeOf } from '@whittle/core';
import type { Model, OpDefinition, Tensor } from '@whittle/core';
import { activationScale, evaluateInt8, quantizeFloat } from '@whittle/int8';
import { postTraining } from './post-training.js';

const draw = createRandom(1).at('x');
const shape = [8, 4, 4, 3];
const images = (batch: number) =>
  float32(
    [batch, ...shape.slice(1)],
    Float32Array.from({ length: (sizeOf(shape) * batch) / 8 }, () => draw.normal()),
  );

function single<A>(op: OpDefinition<A>, attributes: A): Model {
  return core.singleNodeModel(op, attributes, [{ shape: ['batch', ...shape.slice(1)] }]);
}

async function quantized(model: Model): Promise<Model> {
  const data = [1, 2, 3, 4].map(() => new Map([['x0', images(8)]]));
  return (await runPipeline(model, [postTraining({ data })])).model;
}

const composed: readonly (readonly [string, Model])[] = [
  ['hard_sigmoid', single(core.hardSigmoid, { alpha: 1 / 6, beta: 0.5 })],
  ['hard_sigmoid of another slope', single(core.hardSigmoid, { alpha: 0.2, beta: 0.5 })],
  ['reduce_sum', single(core.reduceSum, { axes: [1, 2], keepDims: false })],
  ['reduce_min', single(core.reduceMin, { axes: [3], keepDims: true })],
  ['gelu', single(core.gelu, { approximate: true })],
  ['selu', single(core.scaledElu, core.SELU)],
  ['celu', single(core.celu, { alpha: 1.5 })],
  ['square', single(core.square, {})],
  ['neg', single(core.neg, {})],
  ['relu_n1_to_1', single(core.reluN1To1, {})],
];

describe('ops that integers have no kernel for', () => {
  it.each(composed)('%s is quantized as what it is made of', async (_, model) => {
    const int8 = await quantized(model);
    const [from, to] = ['x0', 'y'].map((id) => activationScale({ name: id }, typeOf(int8, id), 'value'));
    const x = images(1);
    const stored = Array.from(x.data as Float32Array, (value) => quantizeFloat(value, from));
    const found = (await evaluateInt8(int8, new Map([['x0', tensor('int8', x.shape, stored)]]))).get(
      'y',
    ) as Tensor;
    const wanted = interpret(model, new Map([['x0', x]])).get('y')?.data as Float32Array;
    wanted.forEach((value, i) => {
      const real = to.scale * (Number(found.data[i]) - to.zeroPoint);
      expect(Math.abs(real - value)).toBeLessThan(2 * to.scale);
    });
  });

  it.each([
    ['exp', single(core.exp, {}), /int8 has no exp/],
    ['softplus', single(core.softplus, {}), /y\/exp: int8 has no exp.*\n.*y\/log: int8 has no log/],
    ['cast', single(core.cast, { dtype: 'int32' }), /int8 has no cast/],
    ['arg_max of 64 bits', single(core.argMax, { axis: 3, dtype: 'int64' }), /indices of int32, found int64/],
  ])('%s is named where it is made of ops that have none either', async (_, model, message) => {
    await expect(quantized(model)).rejects.toThrow(
      expect.objectContaining({ code: 'OP_UNSUPPORTED', message: expect.stringMatching(message) }),
    );
  });
});
