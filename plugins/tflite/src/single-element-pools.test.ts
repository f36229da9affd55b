import {
  averagePool2d,
  concrete,
  conv2d,
  interpret,
  LoweringTable,
  maxPool2d,
  ModelBuilder,
  relu,
  typeOf,
} from '@whittle/core';
import type { ConvAttributes, FusedActivation, Model, PoolAttributes } from '@whittle/core';
import { createLiteRtRuntime } from '@whittle/testkit';
import { expect, it } from 'vitest';
import { normal } from './float-ops.fixture.js';
import { emitTflite, readTfliteModel } from './index.js';

/** A pool of single elements behind a convolution and a relu. */
function network(pool: typeof maxPool2d, activation: FusedActivation): Model {
  const build = new ModelBuilder('pools');
  const x = build.input('x', ['batch', 5, 4, 3]);
  const attributes: ConvAttributes = {
    strides: [1, 1],
    padding: 'valid',
    dilations: [1, 1],
    groups: 1,
    activation: 'none',
  };
  const sums = build.node('sums', conv2d, attributes, [
    x,
    build.parameter('w', normal([2, 2, 3, 4]), 'weight'),
  ]);
  const clamped = build.node('clamped', relu, {}, [sums]);
  const each: PoolAttributes = { size: [1, 1], strides: [1, 1], padding: 'valid', activation };
  build.output(build.node('y', pool, each, [clamped]));
  return build.finish();
}

const cases = [maxPool2d, averagePool2d].flatMap((pool) =>
  (['none', 'relu', 'relu6', 'relu_n1_to_1'] as const).map(
    (activation) => [pool.name, activation, pool] as const,
  ),
);
const runtimes = (['xnnpack', 'builtin'] as const).map((resolver) => createLiteRtRuntime({ resolver }));
const judged = (await runtimes[0].unavailable()) === undefined || process.env.CI === 'true';

it.skipIf(!judged).each(cases)(
  '%s of single elements with %s, behind a relu, is that in LiteRT',
  async (_, activation, pool) => {
    const model = network(pool, activation);
    const x = normal(concrete(typeOf(model, 'x').shape));
    const expected = interpret(model, new Map([['x', x]])).get('y')!;
    const bytes = await emitTflite(model);
    const context = { lowerings: new LoweringTable(), toTflite: () => Promise.resolve(bytes) };
    for (const runtime of runtimes) {
      const [{ outputs }] = await runtime.run([{ model, inputs: [[x]] }], context);
      outputs[0][0].data.forEach((value, i) => expect(value).toBeCloseTo(expected.data[i] as number, 5));
    }
    const again = readTfliteModel(bytes);
    const read = interpret(again, new Map([[again.inputs[0].id, x]])).get(again.outputs[0].id)!;
    expect(read.data).toEqual(expected.data);
  },
);
