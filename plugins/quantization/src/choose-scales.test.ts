import {
  concat,
  flatten,
  float32,
  hardSwish,
  ModelBuilder,
  mul,
  prelu,
  relu6,
  softmax,
  tanh,
} from '@whittle/core';
import type { Id, Model } from '@whittle/core';
import { PROBABILITY_SCALE, TANH_SCALE } from '@whittle/int8';
import { expect, test } from 'vitest';
import { chooseScales } from './choose-scales.js';
import type { Range } from './observers.js';

function model(add: (build: ModelBuilder, x: Id) => void): Model {
  const build = new ModelBuilder('m');
  add(build, build.input('x', ['batch', 2, 2]));
  return build.finish();
}

const ranges = (all: Record<Id, Range>) => new Map(Object.entries(all));

test('copies share the union of their ranges', () => {
  const m = model((b, x) => {
    const y = b.node('y', relu6, {}, [x]);
    b.output(b.node('z', concat, { axis: 1 }, [y, b.node('f', tanh, {}, [x]), x]));
  });
  const scales = chooseScales(m, ranges({ x: [-2, 8], y: [0, 6], f: [-0.9, 1], z: [-2, 8] }));
  expect(scales.get('y')).toEqual(scales.get('x'));
  expect(scales.get('z')).toEqual(scales.get('x'));
  expect(scales.get('x')!.scale).toBeCloseTo(10 / 255);
  // A concat of a tanh and wider values can't have the tanh's scale.
  expect(scales.get('f')).toEqual({ dtype: 'int8', ...TANH_SCALE });
});

test('copies of a fixed scale take it', () => {
  const m = model((b, x) => b.output(b.node('z', flatten, {}, [b.node('y', softmax, { beta: 1 }, [x])])));
  const scales = chooseScales(m, ranges({ x: [-1, 1], y: [0, 1], z: [0, 1] }));
  expect(scales.get('y')).toEqual({ dtype: 'int8', ...PROBABILITY_SCALE });
  expect(scales.get('z')).toEqual(scales.get('y'));
  expect(chooseScales(m, ranges({ x: [-1, 1], y: [0, 1], z: [0, 1] }), 'int16').get('z')).toEqual({
    dtype: 'int16',
    scale: 2 ** -15,
    zeroPoint: 0,
  });
});

test('constants have ranges of their own', () => {
  const m = model((b, x) =>
    b.output(
      b.node('y', mul, { activation: 'none' }, [x, b.parameter('k', float32([2], [-0.5, 2.05]), 'scale')]),
    ),
  );
  const scales = chooseScales(m, ranges({ x: [-1, 1], y: [-2, 2] }));
  expect(scales.get('k')!.scale).toBeCloseTo(0.01);
  expect(scales.get('k')!.zeroPoint).toBe(-78);
});

test('a result is never finer than its kernel can write', () => {
  const m = model((b, x) => b.output(b.node('y', hardSwish, {}, [x])));
  const scales = chooseScales(m, ranges({ x: [-100, 0], y: [-0.375, 0] }));
  expect(scales.get('y')!.scale).toBeGreaterThan(scales.get('x')!.scale / 128);
});

test('bounds of a fused activation are integers of 32 bits, and tanh has steps that its kernel takes', () => {
  const m = model((b, x) => {
    const y = b.node('y', mul, { activation: 'relu6' }, [x, x]);
    b.output(b.node('z', tanh, {}, [y]));
  });
  const tiny = ranges({ x: [-1e-6, 1e-6], y: [0, 1e-12], z: [0, 1e-12] });
  expect(6 / chooseScales(m, tiny, 'int16').get('y')!.scale).toBeLessThan(2 ** 31);
  expect(chooseScales(m, tiny).get('y')!.scale).toBeGreaterThanOrEqual(2 ** -28);
});

test('slopes of a PReLU are int8 beside int16', () => {
  const m = model((b, x) =>
    b.output(b.node('y', prelu, {}, [x, b.parameter('slopes', float32([2], [0.1, 0.2]), 'weight')])),
  );
  const scales = chooseScales(m, ranges({ x: [-1, 1], y: [-2, 2] }), 'int16');
  expect(['x', 'slopes', 'y'].map((id) => scales.get(id)!.dtype)).toEqual(['int16', 'int8', 'int16']);
});

test('a value without a range is refused', () => {
  const m = model((b, x) => b.output(b.node('y', flatten, {}, [x])));
  expect(() => chooseScales(m, ranges({ y: [0, 1] }))).toThrowError(
    expect.objectContaining({ code: 'MODEL_INVALID' }),
  );
});
