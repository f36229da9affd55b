import {
  add,
  createRandom,
  defineOp,
  lower,
  LoweringTable,
  ModelBuilder,
  quantize,
  relu,
  dequantize,
  float32,
  tensor,
} from '@whittle/core';
import type { OpDefinition } from '@whittle/core';
import { describe, expect, it } from 'vitest';
import { evaluateInt8 } from './evaluate-int8.js';
import { oneNode, randomInt8, scaled } from './int8-node.fixture.js';
import { INT8 } from './lowering.js';
import { prepareInt8 } from './prepare-int8.js';
import { int8Runtime } from './runtime.js';

const random = createRandom(4).at('prepare');
const q = scaled(0.1, 5);

/** y = relu(x), z = y + x, on [batch, 3]. */
function twoNodes() {
  const build = new ModelBuilder('two');
  const x = build.input('x', ['batch', 3], { dtype: 'int8', quantization: q });
  const y = build.node('y', relu, {}, [x], { quantization: [q] });
  build.output(build.node('z', add, { activation: 'none' }, [y, x], { quantization: [scaled(0.2, 0)] }));
  return build.finish();
}

describe('prepareInt8', () => {
  it('runs each example of a batch as an inference of its own, and fetches any value', async () => {
    const program = await prepareInt8(twoNodes());
    const x = randomInt8(random, [4, 3], q);
    const all = program.run(new Map([['x', x]]), ['z', 'y', 'x']);
    expect(all.get('z')!.shape).toEqual([4, 3]);
    expect(all.get('z')!.quantization).toEqual(scaled(0.2, 0));
    expect(all.get('x')!.data).toEqual(x.data);
    for (let i = 0; i < 4; i++) {
      const one = tensor('int8', [1, 3], x.data.slice(3 * i, 3 * i + 3));
      const found = program.run(new Map([['x', one]]));
      expect(found.get('z')!.data).toEqual(all.get('z')!.data.slice(3 * i, 3 * i + 3));
    }
  });

  it('gives results of their own: a later run leaves them alone', async () => {
    const program = await prepareInt8(twoNodes());
    const first = program.run(new Map([['x', tensor('int8', [1, 3], [1, 2, 3])]]), ['y']).get('y')!;
    program.run(new Map([['x', tensor('int8', [1, 3], [100, 100, 100])]]), ['y']);
    expect([...first.data]).toEqual([5, 5, 5]);
  });

  it('runs a single node on stored values', async () => {
    const program = await prepareInt8(twoNodes());
    const [node] = program.model.nodes;
    expect(program.runNode(node, new Map([['x', Int8Array.of(-9, 5, 9)]]))).toEqual([Int8Array.of(5, 5, 9)]);
  });

  it.each([
    ['a missing feed', new Map()],
    ['another shape', new Map([['x', tensor('int8', [1, 4])]])],
    ['another dtype', new Map([['x', float32([1, 3])]])],
  ])('refuses %s', async (_, feeds) => {
    await expect(evaluateInt8(twoNodes(), feeds)).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
  });

  it('refuses a float model as a whole, and a float node among integers by its name', async () => {
    const model = oneNode(relu, {}, [float32([1, 2])], undefined);
    const message = expect.stringContaining('quantize it first') as string;
    await expect(prepareInt8(model)).rejects.toMatchObject({ code: 'QUANTIZATION_INVALID', message });
    const build = new ModelBuilder('mixed');
    const x = build.input('x', ['batch', 2], { dtype: 'int8', quantization: q });
    build.output(build.node('y', relu, {}, [build.node('real', dequantize, {}, [x])]));
    const found = { code: 'QUANTIZATION_INVALID', node: 'y' };
    await expect(prepareInt8(build.finish())).rejects.toMatchObject(found);
  });

  it('has float32 at the edges', async () => {
    const build = new ModelBuilder('edges');
    const stored = build.node('q', quantize, { dtype: 'int8' }, [build.input('x', ['batch', 2])], {
      quantization: [scaled(0.5, 3)],
    });
    build.output(build.node('y', dequantize, {}, [stored]));
    const values = await evaluateInt8(build.finish(), new Map([['x', float32([2, 2], [0.3, -0.2, 1, 99])]]));
    expect([...values.get('y')!.data]).toEqual([0.5, 0, 1, 62]);
  });
});

describe('an op of a plugin', () => {
  const negate: OpDefinition = defineOp<object>({
    ...relu,
    name: 'negate',
    evaluate: (_, [x]) => [x],
  });
  const model = () => oneNode(negate, {}, [tensor('int8', [1, 2], [1, 2], q)], q);
  const feeds = new Map([['x0', tensor('int8', [1, 2], [1, 2])]]);

  it('is refused without a lowering', async () => {
    await expect(evaluateInt8(model(), feeds)).rejects.toMatchObject({
      code: 'OP_UNSUPPORTED',
      message: expect.stringContaining('negate for (int8[1, 2])'),
    });
  });

  it('runs with one', async () => {
    const prepare =
      () =>
      ([x]: readonly ArrayLike<unknown>[], [y]: readonly { [i: number]: unknown }[]) => {
        for (let i = 0; i < x.length; i++) y[i] = -(x[i] as number);
      };
    const lowerings = new LoweringTable([lower(INT8, negate, () => prepare as never)]);
    const values = await evaluateInt8(model(), feeds, { lowerings });
    expect([...values.get('y')!.data]).toEqual([-1, -2]);
  });
});

describe('the runtime int8', () => {
  const context = { lowerings: new LoweringTable(), toTflite: () => Promise.reject(new Error('not needed')) };

  it('gives outputs in the order of cases and inputs', async () => {
    const inputs = [[randomInt8(random, [1, 3], q)], [randomInt8(random, [1, 3], q)]];
    const results = await int8Runtime.run([{ model: twoNodes(), inputs }], context);
    expect(await int8Runtime.unavailable()).toBeUndefined();
    expect(results).toHaveLength(1);
    for (const [i, [x]] of inputs.entries()) {
      const alone = await evaluateInt8(twoNodes(), new Map([['x', x]]));
      expect(results[0].outputs[i]).toEqual([alone.get('z')]);
    }
  });

  it('stops when it is told to, and counts inputs', async () => {
    const aborted = { ...context, signal: AbortSignal.abort() };
    await expect(int8Runtime.run([{ model: twoNodes(), inputs: [] }], aborted)).rejects.toMatchObject({
      code: 'ABORTED',
    });
    await expect(int8Runtime.run([{ model: twoNodes(), inputs: [[]] }], context)).rejects.toMatchObject({
      code: 'SHAPE_MISMATCH',
    });
  });
});
