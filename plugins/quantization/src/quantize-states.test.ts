import {
  add,
  concat,
  conv2d,
  createRandom,
  float32,
  interpret,
  ModelBuilder,
  runPipeline,
  sigmoid,
  slice,
  sizeOf,
  tensor,
  verify,
} from '@whittle/core';
import type { Model } from '@whittle/core';
import { evaluateInt8, quantizeFloat } from '@whittle/int8';
import { expect, test } from 'vitest';
import { postTraining } from './post-training.js';

const random = createRandom(8).at('states');
const draw = (shape: readonly number[], spread = 1) =>
  float32(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => spread * random.normal()),
  );

/** A convolution over a ring of frames, whose sigmoid is kept, and a state that becomes a constant. */
function streaming(): Model {
  const b = new ModelBuilder('streaming');
  const x = b.input('x', [1, 1, 1, 3]);
  const ring = b.state('ring', float32([1, 4, 1, 3]));
  const all = b.node('all', concat, { axis: 1 }, [ring, x]);
  const ranges = [{ axis: 1, start: 1, size: 4, step: 1 }];
  b.nextState(ring, b.node('rest', slice, { ranges }, [all]));
  const weight = b.parameter('conv/w', draw([5, 1, 3, 2], 0.3), 'weight');
  const attributes = {
    strides: [1, 1] as [number, number],
    dilations: [1, 1] as [number, number],
    padding: 'valid' as const,
    activation: 'none' as const,
    groups: 1,
  };
  const y = b.node('conv', conv2d, attributes, [all, weight]);
  const gate = b.node('gate', sigmoid, {}, [y]);
  const kept = b.state('kept', float32([1, 1, 1, 2], [3, -2]));
  b.nextState(kept, gate);
  const once = b.state('once', float32([1, 1, 1, 2], [0.5, 1]));
  b.nextState(once, b.parameter('later', float32([1, 1, 1, 2], [-1, 2]), 'weight'));
  const sum = b.node('sum', add, { activation: 'none' }, [kept, once]);
  b.output(b.node('out', add, { activation: 'none' }, [sum, y]));
  return b.finish();
}

test.each(['int8', 'int16'] as const)(
  'a streaming model is quantized to %s with its states',
  async (activations) => {
    const model = streaming();
    // One batch is one stream.
    const { model: quantized } = await runPipeline(model, [
      postTraining({ data: [draw([200, 1, 1, 3])], activations }),
    ]);
    verify(quantized);
    expect(quantized.states.map((state) => [state.in, state.initial.dtype])).toEqual([
      ['ring', activations],
      ['kept', activations],
      ['once', activations],
    ]);
    const feeds = new Map([['x', draw([40, 1, 1, 3])]]);
    const expected = interpret(model, feeds).get('out')!;
    const q = quantized.values.get('x')!.quantization!;
    const scale = { scale: q.scale[0], zeroPoint: q.zeroPoint[0], dtype: activations };
    const stored = Array.from(feeds.get('x')!.data, (value) => quantizeFloat(Number(value), scale));
    const found = (
      await evaluateInt8(quantized, new Map([['x', tensor(activations, [40, 1, 1, 3], stored, q)]]))
    ).get('out')!;
    const out = found.quantization!;
    const steps = Array.from({ length: 80 }, (_, i) => {
      const real = out.scale[0] * (Number(found.data[i]) - out.zeroPoint[0]);
      return Math.abs(Number(expected.data[i]) - real) / out.scale[0];
    });
    expect(Math.max(...steps)).toBeLessThan(activations === 'int8' ? 6 : 1000);
  },
);
