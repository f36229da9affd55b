import { add, concat, conv2d, createRandom, ModelBuilder, slice, tensor, verify } from '@whittle/core';
import type { Model, Quantization } from '@whittle/core';
import { expect, it } from 'vitest';
import { withoutIdleChannels } from './idle-channels/remove-idle-channels.js';
import { randomInt8, scaled } from './int8-node.fixture.js';
import { legalize } from './legalize/legalize.js';
import { prepareInt8 } from './prepare-int8.js';
import { int8Runtime } from './runtime.js';

const random = createRandom(5).at('streams');
const q = scaled(0.1, -3);
const rows = (data: readonly number[], quantization: Quantization = q) =>
  tensor('int8', [1, data.length, 1, 1], data, quantization);

/** The last two values and the new one; their sum, at scales of `sum`, goes into a second state. */
function ring(sum: Quantization = q): Model {
  const b = new ModelBuilder('ring');
  const x = b.input('x', [1, 1, 1, 1], { dtype: 'int8', quantization: q });
  const kept = b.state('kept', rows([5, 6]));
  const all = b.node('all', concat, { axis: 1 }, [kept, x], { quantization: [q] });
  b.nextState(
    kept,
    b.node('rest', slice, { ranges: [{ axis: 1, start: 1, size: 2, step: 1 }] }, [all], {
      quantization: [q],
    }),
  );
  const held = b.state('held', rows([0], sum));
  b.nextState(held, b.node('sum', add, { activation: 'none' }, [held, x], { quantization: [sum] }));
  const pair = b.node('pair', concat, { axis: 1 }, [all, held], { quantization: [q] });
  b.output(pair);
  return b.finish();
}

it('runs the inferences of a feed, and of one run after the other, as a stream', async () => {
  const program = await prepareInt8(ring());
  const feeds = (...data: number[]) => new Map([['x', tensor('int8', [data.length, 1, 1, 1], data, q)]]);
  const [first, second] = [
    [5, 6, 1, 0],
    [6, 1, 2, 4],
  ];
  expect([...program.run(feeds(1, 2)).get('pair')!.data]).toEqual([...first, ...second]);
  const stream = program.stream();
  const other = program.stream();
  expect([...stream.run(feeds(1)).get('pair')!.data]).toEqual(first);
  expect([...other.run(feeds(9)).get('pair')!.data]).toEqual([5, 6, 9, 0]);
  expect([...stream.run(feeds(2)).get('pair')!.data]).toEqual(second);
});

it('a case of the runtime is one stream, and each begins anew', async () => {
  const model = ring();
  const inputs = [1, 2].map((value) => [rows([value])]);
  const results = await int8Runtime.run(
    [
      { model, inputs },
      { model, inputs: inputs.slice(1) },
    ],
    { lowerings: { has: () => false } as never, toTflite: () => Promise.reject(new Error('not needed')) },
  );
  const found = results.map(({ outputs }) => outputs.map(([output]) => [...output.data]));
  expect(found).toEqual([
    [
      [5, 6, 1, 0],
      [6, 1, 2, 4],
    ],
    [[5, 6, 2, 0]],
  ]);
});

it('legalization rescales around a state, whose values keep one quantization', async () => {
  const model = ring(scaled(0.2, 7));
  const legal = await legalize(model);
  verify(legal);
  expect(legal.nodes.map((node) => node.op.name)).toEqual(['concat', 'slice', 'add', 'quantize', 'concat']);
  expect(legal.states.map(({ in: id, out, initial }) => [id, out, initial.quantization])).toEqual([
    ['kept', 'rest', q],
    ['held', 'sum', scaled(0.2, 7)],
  ]);
});

it('channels of a state are never idle, those in front of it may be', async () => {
  const b = new ModelBuilder('idle');
  const x = b.input('x', [1, 1, 1, 2], { dtype: 'int8', quantization: q });
  const weights = (outputs: number, data: readonly number[]) =>
    tensor('int8', [1, 1, 2, outputs], data, scaled(0.01, 0));
  const attributes = {
    strides: [1, 1] as [number, number],
    dilations: [1, 1] as [number, number],
    padding: 'valid' as const,
    activation: 'none' as const,
    groups: 1,
  };
  const w1 = b.parameter('w1', weights(2, [3, 0, 4, 0]), 'weight');
  const hidden = b.node('hidden', conv2d, attributes, [x, w1], { quantization: [q] });
  const w2 = b.parameter('w2', weights(2, [5, 0, 7, 0]), 'weight');
  const next = b.node('next', conv2d, attributes, [hidden, w2], { quantization: [q] });
  const held = b.state('held', randomInt8(random, [1, 1, 1, 2], q));
  b.nextState(held, next);
  b.output(b.node('y', add, { activation: 'none' }, [held, next], { quantization: [q] }));
  const model = b.finish();
  const smaller = await withoutIdleChannels(model);
  expect(smaller.parameters.get('w1')!.tensor.shape).toEqual([1, 1, 2, 1]);
  expect(smaller.parameters.get('w2')!.tensor.shape).toEqual([1, 1, 1, 2]);
  const feeds = new Map([['x', randomInt8(random, [5, 1, 1, 2], q)]]);
  const [before, after] = [await prepareInt8(model), await prepareInt8(smaller)];
  expect(after.run(feeds)).toEqual(before.run(feeds));
});
