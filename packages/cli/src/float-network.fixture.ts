import { conv2d, dense, flatten, float32, ModelBuilder } from '@whittle/core';
import type { Model, OpDefinition } from '@whittle/core';

const waves = (shape: readonly number[]) =>
  float32(
    shape,
    new Float32Array(shape.reduce((a, b) => a * b, 1)).map((_, i) => Math.sin(i + 1)),
  );

/** A float network of one input, [batch, 5, 5, 4], and two outputs: weights of both layers are stored in few bits where that is asked. */
export function floatNetwork(): Model {
  const build = new ModelBuilder('network');
  const x = build.input('x', ['batch', 5, 5, 4]);
  const y = build.node(
    'y',
    conv2d,
    { strides: [1, 1], padding: 'same', dilations: [1, 1], groups: 1, activation: 'relu' },
    [x, build.parameter('w', waves([3, 3, 4, 8]), 'weight')],
  );
  const f = build.node('f', flatten as OpDefinition, {}, [y]);
  const v = build.parameter('v', waves([200, 10]), 'weight');
  build.output(build.node('z', dense, { activation: 'none' }, [f, v]));
  build.output(y);
  return build.finish();
}
