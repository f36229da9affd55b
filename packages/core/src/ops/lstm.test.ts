import { describe, expect, it } from 'vitest';
import { nodeCosts } from '../analysis/cost.js';
import { interpret } from '../interpreter.js';
import { createRandom } from '../random.js';
import type { SingleNodeOperand } from '../single-node.js';
import { singleNodeModel } from '../single-node.js';
import { float32, sizeOf } from '../tensor.js';
import type { Tensor } from '../tensor.js';
import { lstm } from './lstm.js';
import { tiesOf } from './op-under-test.fixture.js';

const batchFirst = { cellClip: 0, timeMajor: false };
const random = createRandom(3).at('lstm');
const normal = (...shape: readonly number[]) =>
  float32(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
  );
const four = (...shape: readonly number[]) => [0, 1, 2, 3].map(() => normal(...shape));

/** Results for constants: the output, the next hidden and the next cell state. */
function run(attributes: typeof batchFirst, operands: readonly Tensor[]): Tensor[] {
  const model = singleNodeModel(lstm, attributes, operands);
  const ids = model.nodes[0].outputs;
  const values = interpret(model, new Map(), ids);
  return ids.map((id) => values.get(id)!);
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe('lstm', () => {
  it('is the textbook cell for one unit', () => {
    const one = (value: number, rank = 2) => float32(new Array<number>(rank).fill(1), [value]);
    const [wi, wf, wg, wo] = [0.5, -0.25, 1, 2];
    const [ri, rf, rg, ro] = [0.3, 0.7, -0.6, 0.1];
    const [bi, bf, bg, bo] = [0.1, 1, 0, -0.2];
    const weights = [wi, wf, wg, wo, ri, rf, rg, ro].map((w) => one(w));
    const biases = [bi, bf, bg, bo].map((b) => one(b, 1));
    let [h, c] = [0.4, -0.8];
    const x = [1.5, -0.5];
    const [output, hidden, cell] = run(batchFirst, [
      float32([1, 2, 1], x),
      ...weights,
      ...biases,
      one(h),
      one(c),
    ]);
    const expected = x.map((value) => {
      const [i, f, o] = [wi * value + ri * h + bi, wf * value + rf * h + bf, wo * value + ro * h + bo];
      c = sigmoid(f) * c + sigmoid(i) * Math.tanh(wg * value + rg * h + bg);
      return (h = sigmoid(o) * Math.tanh(c));
    });
    expected.forEach((value, t) => expect(output.data[t]).toBeCloseTo(value, 6));
    expect(hidden.data[0]).toBeCloseTo(h, 6);
    expect(cell.data[0]).toBeCloseTo(c, 6);
  });

  const shared = [...four(3, 4), ...four(4, 4), ...four(4)];

  it('gives the same whether a sequence comes at once or step by step', () => {
    const x = normal(1, 3, 3);
    let states: Tensor[] = [normal(1, 4), normal(1, 4)];
    const whole = run(batchFirst, [x, ...shared, ...states]);
    const outputs = [0, 1, 2].flatMap((t) => {
      const step = float32([1, 1, 3], x.data.slice(t * 3, t * 3 + 3) as Float32Array);
      const [y, ...next] = run(batchFirst, [step, ...shared, ...states]);
      states = next;
      return Array.from(y.data as Float32Array);
    });
    expect(Array.from(whole[0].data as Float32Array)).toEqual(outputs);
    expect(whole.slice(1)).toEqual(states);
  });

  it('takes the batch first, or time', () => {
    const x = normal(2, 3, 3);
    const swapped = float32([3, 2, 3]);
    for (let b = 0; b < 2; b++)
      for (let t = 0; t < 3; t++)
        swapped.data.set(x.data.subarray((b * 3 + t) * 3, (b * 3 + t + 1) * 3) as never, (t * 2 + b) * 3);
    const states = [normal(2, 4), normal(2, 4)];
    const [first, ...after] = run(batchFirst, [x, ...shared, ...states]);
    const [second, ...others] = run({ ...batchFirst, timeMajor: true }, [swapped, ...shared, ...states]);
    expect(second.shape).toEqual([3, 2, 4]);
    for (let b = 0; b < 2; b++)
      for (let t = 0; t < 3; t++)
        expect(second.data.slice((t * 2 + b) * 4, (t * 2 + b + 1) * 4)).toEqual(
          first.data.slice((b * 3 + t) * 4, (b * 3 + t + 1) * 4),
        );
    expect(others).toEqual(after);
  });

  it('clips the cell state', () => {
    const operands = [normal(1, 5, 3), ...shared, normal(1, 4), normal(1, 4)];
    const cells = (cellClip: number) =>
      Array.from(run({ ...batchFirst, cellClip }, operands)[2].data as Float32Array);
    expect(Math.max(...cells(0).map(Math.abs))).toBeGreaterThan(0.25);
    expect(Math.max(...cells(0.25).map(Math.abs))).toBe(0.25);
  });

  it('counts a multiply-add for each weight and step', () => {
    const operands = [{ shape: [1, 5, 3] }, ...shared, { shape: [1, 4] }, { shape: [1, 4] }];
    const macs = 5 * 4 * 4 * (3 + 4);
    expect(nodeCosts(singleNodeModel(lstm, batchFirst, operands))[0]).toMatchObject({
      macs,
      flops: 2 * macs + 8 * 20,
      activationFlops: 11 * 20,
    });
  });

  it('ties the batch alone, wherever it lies', () => {
    const operands = [
      { shape: [5, 'batch', 3] as const },
      ...shared,
      { shape: ['batch', 4] as const },
      { shape: ['batch', 4] as const },
    ];
    expect(tiesOf(lstm, { ...batchFirst, timeMajor: true }, ...operands)).toEqual([
      ['x0:1[0+1]', 'x13:0[0+1]', 'x14:0[0+1]', 'y:1[0+1]', 'lstm:1:0[0+1]', 'lstm:2:0[0+1]'],
    ]);
  });

  const x = { shape: [1, 2, 3] };
  const states = [{ shape: [1, 4] }, { shape: [1, 4] }];
  const swap = (index: number, operand: SingleNodeOperand): SingleNodeOperand[] =>
    [x, ...shared, ...states].map((each, i) => (i === index ? operand : each));
  it.each<[string, SingleNodeOperand[]]>([
    ['an input without time', swap(0, { shape: [1, 3] })],
    ['other weights', swap(2, normal(3, 5))],
    ['other recurrent weights', swap(8, normal(3, 4))],
    ['another bias', swap(12, normal(3))],
    ['another hidden state', swap(13, { shape: [2, 4] })],
    ['another cell state', swap(14, { shape: [1, 5] })],
  ])('refuses %s', (_, operands) => {
    expect(() => singleNodeModel(lstm, batchFirst, operands)).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH', node: 'y' }),
    );
  });
});
