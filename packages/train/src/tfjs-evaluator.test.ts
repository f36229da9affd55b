import { add, concat, float32, interpret, ModelBuilder, slice } from '@whittle/core';
import { describe, expect, test } from 'vitest';
import { loadTensorFlow, tensorFlowUnavailable } from './tensorflow.js';
import { tfjsEvaluator } from './tfjs-evaluator.js';

const missing = process.env.CI === 'true' ? undefined : await tensorFlowUnavailable();

/** The last three frames of a stream, and the sum of all so far. */
function streaming() {
  const b = new ModelBuilder('streaming');
  const x = b.input('x', [1, 1]);
  const ring = b.state('ring', float32([1, 2], [-1, -2]));
  const all = b.node('all', concat, { axis: 1 }, [ring, x]);
  b.nextState(ring, b.node('kept', slice, { ranges: [{ axis: 1, start: 1, size: 2, step: 1 }] }, [all]));
  const total = b.state('total', float32([1, 1], [100]));
  b.nextState(total, b.node('sum', add, { activation: 'none' }, [total, x]));
  const last = b.state('last', float32([1, 1], [7]));
  b.nextState(last, x);
  b.output(all);
  b.output('sum');
  b.output(last);
  return b.finish();
}

describe.skipIf(missing)(`the evaluator on TensorFlow ${missing ?? ''}`, () => {
  test('runs feeds of a model with states as a stream, and keeps nothing', async () => {
    const model = streaming();
    const tf = await loadTensorFlow();
    const evaluator = await tfjsEvaluator();
    const feeds = new Map([['x', float32([4, 1], [1, 2, 3, 4])]]);
    const before = tf.memory().numTensors;
    for (const fetch of [['all', 'sum', 'last'], ['ring']]) {
      const found = await evaluator.run(model, feeds, fetch);
      expect(found).toEqual(interpret(model, feeds, fetch));
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});
