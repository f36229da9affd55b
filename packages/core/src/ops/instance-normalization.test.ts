import { describe, expect, it } from 'vitest';
import { nodeCosts } from '../analysis/cost.js';
import { singleNodeModel } from '../single-node.js';
import { float32 } from '../tensor.js';
import { groupNorm, instanceNorm } from './instance-normalization.js';
import { layerNorm } from './layer-normalization.js';
import { run, tiesOf } from './op-under-test.fixture.js';
import { l2Normalize, localResponseNorm, logSoftmax } from './vector-normalization.js';

// Each channel is -1 and 1 around its mean of 3 and 30: of variance 1 and 4.
const x = float32([1, 1, 2, 2], [2, 28, 4, 32]);
const scale = float32([2], [2, 10]);
const offset = float32([2], [100, 0]);
const epsilon = 1e-12;

describe('instance_norm, group_norm and layer_norm', () => {
  it('normalize over positions, groups of channels, and last axes', () => {
    expect([...run(instanceNorm, { epsilon }, x, scale, offset).data]).toEqual([98, -10, 102, 10]);
    expect([...run(groupNorm, { groups: 2, epsilon }, x, scale, offset).data]).toEqual([98, -10, 102, 10]);
    expect([...run(layerNorm, { axis: 3, epsilon }, x, scale, offset).data]).toEqual([98, 10, 98, 10]);
  });

  it('one group takes all channels together', () => {
    const one = float32([2], [1, 1]);
    const zero = float32([2]);
    const image = float32([1, 1, 1, 2], [5, 7]);
    expect([...run(groupNorm, { groups: 1, epsilon }, image, one, zero).data]).toEqual([-1, 1]);
    const twice = float32([1, 2, 2], [5, 5, 7, 7]);
    const ones = float32([2, 2], [1, 1, 1, 1]);
    expect([...run(layerNorm, { axis: 1, epsilon }, twice, ones, float32([2, 2])).data]).toEqual([
      -1, -1, 1, 1,
    ]);
  });

  it('tie what is not normalized together', () => {
    const image = { shape: ['batch', 3, 3, 4] } as const;
    const four = { shape: [4] };
    expect(tiesOf(instanceNorm, { epsilon }, image, four, four)).toEqual([
      ['x0:0[0+1]', 'y:0[0+1]'],
      ['x0:3[0+4]', 'y:3[0+4]', 'x1:0[0+4]', 'x2:0[0+4]'],
    ]);
    expect(tiesOf(groupNorm, { groups: 2, epsilon }, image, four, four)).toEqual([['x0:0[0+1]', 'y:0[0+1]']]);
    expect(tiesOf(layerNorm, { axis: 2, epsilon }, image, { shape: [3, 4] }, { shape: [3, 4] })).toEqual([
      ['x0:0[0+1]', 'y:0[0+1]'],
      ['x0:1[0+3]', 'y:1[0+3]'],
    ]);
  });

  it('count seven operations an element', () => {
    const model = singleNodeModel(instanceNorm, { epsilon }, [{ shape: ['batch', 3, 3, 2] }, scale, offset]);
    expect(nodeCosts(model)[0]).toMatchObject({ macs: 0, flops: 126, activationFlops: 0 });
  });

  it('refuse what does not fit', () => {
    const refusal = expect.objectContaining({ code: 'SHAPE_MISMATCH', node: 'y' });
    const two = { shape: ['batch', 2] } as const;
    expect(() => singleNodeModel(instanceNorm, { epsilon }, [two, scale, offset])).toThrow(refusal);
    expect(() => run(instanceNorm, { epsilon }, x, scale, float32([3]))).toThrow(refusal);
    expect(() => run(groupNorm, { groups: 3, epsilon }, x, scale, offset)).toThrow(refusal);
    expect(() => run(layerNorm, { axis: 4, epsilon }, x, scale, offset)).toThrow(refusal);
    expect(() => run(layerNorm, { axis: 2, epsilon }, x, scale, offset)).toThrow(refusal);
  });
});

describe('l2_normalize, log_softmax and local_response_norm', () => {
  it('normalize vectors along the last axis', () => {
    const rows = float32([2, 2], [3, 4, 0, 0]);
    [0.6, 0.8, 0, 0].forEach((value, i) => expect(run(l2Normalize, {}, rows).data[i]).toBeCloseTo(value, 6));
    const logits = float32([1, 2], [0, Math.log(3)]);
    [0.25, 0.75].forEach((share, i) =>
      expect(run(logSoftmax, {}, logits).data[i]).toBeCloseTo(Math.log(share), 6),
    );
    expect([...run(logSoftmax, {}, float32([1, 2], [1e30, 0])).data]).toEqual([0, Math.fround(-1e30)]);
  });

  it('local_response_norm sums the squares of near channels', () => {
    const attributes = { radius: 1, bias: 1, alpha: 0.5, beta: 1 };
    const found = run(localResponseNorm, attributes, float32([1, 1, 1, 4], [2, 2, 0, 4])).data;
    [2 / 5, 2 / 5, 0, 4 / 9].forEach((value, i) => expect(found[i]).toBeCloseTo(value, 6));
  });

  it('pin what they normalize', () => {
    expect(tiesOf(l2Normalize, {}, { shape: ['batch', 3] })).toEqual([['y:0[0+1]', 'x0:0[0+1]']]);
    expect(tiesOf(logSoftmax, {}, { shape: ['batch', 3] })).toEqual([['y:0[0+1]', 'x0:0[0+1]']]);
  });
});
