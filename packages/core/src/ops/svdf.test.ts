import { describe, expect, it } from 'vitest';
import { channelGroups } from '../analysis/channel-groups.js';
import { nodeCosts } from '../analysis/cost.js';
import { ModelBuilder } from '../builder.js';
import { interpret } from '../interpreter.js';
import type { SingleNodeOperand } from '../single-node.js';
import { singleNodeModel } from '../single-node.js';
import { float32 } from '../tensor.js';
import { verify } from '../verify.js';
import { tiesOf } from './op-under-test.fixture.js';
import { svdf } from './svdf.js';

// Two units of two filters each, over two features, that remember three steps.
const features = float32([2, 4], [1, 0, 1, 2, 0, 1, -1, 2]);
const time = float32([4, 3], [1, 10, 100, 0, 0, 1, 2, 0, 0, 0, 1, 0]);
const bias = float32([2], [0.5, -2]);
const rank2 = { rank: 2, activation: 'none' } as const;

function streaming(activation: 'none' | 'relu') {
  const build = new ModelBuilder('svdf');
  const x = build.input('x', ['batch', 2]);
  const type = { dtype: 'float32', shape: ['batch', 12] } as const;
  const state = build.state('state', float32([1, 12]), type);
  const operands = [
    x,
    build.parameter('f', features, 'weight'),
    build.parameter('t', time, 'weight'),
    state,
    build.parameter('b', bias, 'bias'),
  ];
  const [y, next] = build.results(['y', 'next'], svdf, { rank: 2, activation }, operands);
  build.nextState(state, next);
  build.output(y);
  return build.finish();
}

describe('svdf', () => {
  it('remembers what each filter made of the steps before', () => {
    const model = streaming('none');
    verify(model);
    // Filters' features of the steps (3, 5), (1, -1), (2, 0): 3 1 2; 5 -1 0; -2 2 2; 16 0 4.
    const x = float32([3, 2], [3, 5, 1, -1, 2, 0]);
    const results = interpret(model, new Map([['x', x]]));
    // Unit 0: 100 a + b of the present, 10 a of the last, a of the one before; unit 1: 2 c of two steps ago, d of one.
    const expected = [300 + 5, 0, 100 + 30 - 1, 16, 200 + 10 + 3 + 0, -4 + 0];
    expect(results.get('y')).toEqual(
      float32(
        [3, 2],
        expected.map((value, i) => value + bias.data[i % 2]),
      ),
    );
  });

  it('clamps what it gives, not what it remembers', () => {
    const x = float32([3, 2], [3, 5, 1, -1, 2, 0]);
    const run = (activation: 'none' | 'relu') =>
      interpret(streaming(activation), new Map([['x', x]])).get('y')!.data;
    expect(run('relu')).toEqual((run('none') as Float32Array).map((value) => Math.max(value, 0)));
  });

  it('shifts every row of the state, and appends', () => {
    const state = float32([1, 12], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const model = singleNodeModel(svdf, rank2, [{ shape: [1, 2] }, features, time, { shape: [1, 12] }]);
    const feeds = new Map([
      ['x0', float32([1, 2], [3, 5])],
      ['x3', state],
    ]);
    const next = interpret(model, feeds, ['svdf:1']).get('svdf:1');
    expect(next).toEqual(float32([1, 12], [2, 3, 3, 5, 6, 5, 8, 9, -2, 11, 12, 16]));
  });

  it('counts products with features and with what is remembered', () => {
    const operands = [{ shape: [1, 2] }, features, time, { shape: [1, 12] }, bias];
    const model = singleNodeModel(svdf, { rank: 2, activation: 'relu' }, operands);
    expect(nodeCosts(model)[0]).toMatchObject({ macs: 4 * (2 + 3), flops: 42, activationFlops: 2 });
  });

  it('ties the batch alone: no channel can be removed', () => {
    const operands = [{ shape: ['batch', 2] as const }, features, time, { shape: ['batch', 12] as const }];
    expect(tiesOf(svdf, rank2, ...operands)).toEqual([
      ['x0:0[0+1]', 'x3:0[0+1]', 'y:0[0+1]', 'svdf:1:0[0+1]'],
    ]);
    expect(channelGroups(streaming('none')).groups).toEqual([]);
  });

  const x = { shape: [1, 2] };
  const kept = { shape: [1, 12] };
  it.each<[string, readonly SingleNodeOperand[], number]>([
    ['features that do not fit the input', [{ shape: [1, 3] }, features, time, kept], 2],
    ['other time weights', [x, features, float32([3, 3]), kept], 2],
    ['a rank that does not divide the filters', [x, features, time, kept], 3],
    ['another state', [x, features, time, { shape: [1, 13] }], 2],
    ['another bias', [x, features, time, kept, float32([3])], 2],
  ])('refuses %s', (_, operands, rank) => {
    expect(() => singleNodeModel(svdf, { rank, activation: 'none' }, operands)).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH', node: 'y' }),
    );
  });
});
