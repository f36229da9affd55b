import {
  concat,
  maximum,
  maxPool2d,
  ModelBuilder,
  quantize,
  sigmoid,
  softmax,
  tensor,
  verify,
} from '@whittle/core';
import type { Id, Model, Quantization } from '@whittle/core';
import { expect, test } from 'vitest';
import { scaled } from '../int8-node.fixture.js';
import { INT16_UNIT_SCALE } from '../plans/sigmoid-int16.js';
import { toQuantization } from './equalize-scales.js';
import { legalize } from './legalize.js';

const q = scaled(0.001);
const as = (quantization: Quantization) => ({ quantization: [quantization] });
const opsOf = (m: Model) => m.nodes.map((node) => node.op.name);

/** A model of one int16 image x and what `add` makes of it. */
function model(add: (build: ModelBuilder, x: Id) => Id): Model {
  const build = new ModelBuilder('wide');
  const x = build.input('x', ['batch', 4, 4, 2], { dtype: 'int16', quantization: q });
  build.output(add(build, x));
  return build.finish();
}

test('int16 results of a fixed scale are brought to their own', async () => {
  for (const [op, attributes] of [
    [softmax, { beta: 1 }],
    [sigmoid, {}],
  ] as const) {
    const legal = await legalize(model((b, x) => b.node('y', op as never, attributes as never, [x], as(q))));
    verify(legal);
    expect(opsOf(legal)).toEqual([op.name, 'quantize']);
    expect(legal.values.get('y/unscaled')).toMatchObject({
      dtype: 'int16',
      quantization: toQuantization(INT16_UNIT_SCALE),
    });
    expect(legal.values.get('y')).toMatchObject({ dtype: 'int16', quantization: q });
  }
});

test('int16 operands are rescaled to int16, constants at once', async () => {
  const legal = await legalize(
    model((b, x) => {
      const k = b.parameter('k', tensor('int16', [2], [1000, -2000], scaled(0.01)), 'offset');
      const wide = b.node('wide', maximum, { activation: 'none' }, [x, k], as(q));
      const other = b.node('other', quantize, { dtype: 'int16' }, [x], as(scaled(0.002)));
      return b.node('y', concat, { axis: 3 }, [wide, other], as(q));
    }),
  );
  verify(legal);
  expect(opsOf(legal)).toEqual(['maximum', 'quantize', 'quantize', 'concat']);
  expect([...legal.parameters.get(legal.nodes[0].inputs[1])!.tensor.data]).toEqual([10000, -20000]);
});

test('margins of an int16 maximum hold the least int16', async () => {
  const margins = { top: 1, bottom: 1, left: 1, right: 1 };
  const pool = { size: [2, 2], strides: [2, 2], padding: margins, activation: 'none' } as const;
  const legal = await legalize(model((b, x) => b.node('y', maxPool2d, pool as never, [x], as(q))));
  expect(opsOf(legal)).toEqual(['pad', 'max_pool2d']);
  expect(legal.nodes[0].attributes).toMatchObject({ value: q.scale[0] * -32768 });
});
