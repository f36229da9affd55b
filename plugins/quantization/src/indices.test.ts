import { describe, expect, it } from 'vitest';
import * as core from '@whittle/core';
import { createRandom, float32, interpret, ModelBuilder, runPipeline, tensor, typeOf } from '@whittle/core';
import type { Id, Model, Tensor } from '@whittle/core';
import { activationScale, evaluateInt8, quantizeFloat } from '@whittle/int8';
import { postTraining } from './post-training.js';

const draw = createRandom(3).at('x');
const vectors = (batch: number) =>
  float32(
    [batch, 6],
    Float32Array.from({ length: batch * 6 }, () => draw.normal()),
  );

function modelOf(add: (build: ModelBuilder, x: Id) => Id): Model {
  const build = new ModelBuilder('m');
  build.output(add(build, build.input('x', ['batch', 6])));
  return build.finish();
}

async function quantized(
  model: Model,
  data: readonly ReadonlyMap<Id, Tensor>[],
  options: object = {},
): Promise<Model> {
  const { model: int8 } = await runPipeline(model, [postTraining({ data: [...data], ...options })]);
  core.verify(int8);
  return int8;
}

const batches = [1, 2, 3].map(() => new Map([['x', vectors(16)]]));

describe('quantization of ops with indices', () => {
  it('leaves indices as they are, at float edges too', async () => {
    const model = modelOf((b, x) => b.node('y', core.argMax, { axis: 1, dtype: 'int32' }, [x]));
    for (const edges of ['integer', 'float32']) {
      const int8 = await quantized(model, batches, { edges });
      expect(typeOf(int8, 'y').dtype).toBe('int32');
      expect(typeOf(int8, 'x').dtype).toBe(edges === 'integer' ? 'int8' : 'float32');
      const x = vectors(1);
      const q = activationScale({ name: 'x' }, typeOf(int8, int8.nodes.at(-1)!.inputs[0]), 'value');
      const stored = tensor(
        'int8',
        [1, 6],
        Array.from(x.data as Float32Array, (v) => quantizeFloat(v, q)),
      );
      const found = await evaluateInt8(int8, new Map([['x', edges === 'integer' ? stored : x]]));
      expect(found.get('y')!.data).toEqual(interpret(model, new Map([['x', x]])).get('y')!.data);
    }
  });

  it('gives what is picked the scale of what it is picked from', async () => {
    const model = modelOf((b, x) => {
      const indices = b.parameter('indices', tensor('int32', [2], [4, 1]), 'weight');
      return b.node('y', core.gather, { axis: 1 }, [x, indices]);
    });
    const int8 = await quantized(model, batches);
    expect(typeOf(int8, 'y').quantization).toEqual(typeOf(int8, 'x').quantization);
    expect(int8.nodes.map(({ op }) => op.name)).toEqual(['gather']);
    expect(int8.parameters.get('indices')!.tensor.dtype).toBe('int32');
  });

  it('stores a table that computed indices pick from', async () => {
    const build = new ModelBuilder('embedding');
    const indices = build.input('x', ['batch', 3], { dtype: 'int32' });
    const table = build.parameter('table', vectors(5), 'weight');
    build.output(build.node('y', core.gather, { axis: 0 }, [table, indices]));
    const feed = new Map([['x', tensor('int32', [1, 3], [4, 0, 2])]]);
    const int8 = await quantized(build.finish(), [
      feed,
      new Map([['x', tensor('int32', [1, 3], [1, 3, 1])]]),
    ]);
    const found = (await evaluateInt8(int8, feed)).get('y') as Tensor;
    const { scale, zeroPoint } = activationScale({ name: 'y' }, typeOf(int8, 'y'), 'value');
    const wanted = interpret(build.finish(), feed).get('y')!.data as Float32Array;
    wanted.forEach((x, i) =>
      expect(Math.abs(scale * (Number(found.data[i]) - zeroPoint) - x)).toBeLessThan(scale),
    );
  });
});

describe('quantization of divisions', () => {
  const over = (divisor: number) =>
    modelOf((b, x) => {
      const size = b.node('size', core.abs, {}, [x]);
      const k = b.parameter('k', float32([1], [divisor]), 'offset');
      const most = b.node('most', core.add, { activation: 'none' }, [size, k]);
      return b.node('y', core.div, { activation: 'none' }, [x, most]);
    });

  it('takes those whose results stay in a narrow range', async () => {
    const model = over(2);
    const int8 = await quantized(model, batches);
    const x = batches[0].get('x')!;
    const q = activationScale({ name: 'x' }, typeOf(int8, 'x'), 'value');
    const stored = tensor(
      'int8',
      x.shape,
      Array.from(x.data as Float32Array, (v) => quantizeFloat(v, q)),
    );
    const found = (await evaluateInt8(int8, new Map([['x', stored]]))).get('y') as Tensor;
    const { scale, zeroPoint } = activationScale({ name: 'y' }, typeOf(int8, 'y'), 'value');
    const wanted = interpret(model, batches[0]).get('y')!.data as Float32Array;
    wanted.forEach((value, i) =>
      expect(Math.abs(scale * (Number(found.data[i]) - zeroPoint) - value)).toBeLessThan(4 * scale),
    );
  });

  it('refuses others, which kernels get wrong', async () => {
    const model = modelOf((b, x) => {
      const k = b.parameter('k', float32([6], [0.01, 1, 1, 1, 1, 1]), 'offset');
      return b.node('y', core.div, { activation: 'none' }, [x, k]);
    });
    await expect(quantized(model, batches)).rejects.toMatchObject({ code: 'OP_UNSUPPORTED', node: 'y' });
  });
});
