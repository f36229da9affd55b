import { concat, flatten, pad, reshape, sizeOf } from '@whittle/core';
import { STORED_RANGE } from '@whittle/int8';
import type { ActivationDType } from '@whittle/int8';
import type { Suite } from '../suite.js';
import { extents, opModel, opSuite, short, suiteName } from './op-suite.js';
import type { OpCase } from './op-suite.js';

/** CONCATENATION of 1 to 5 tensors along any axis but the first. */
export function concatSuite(seeds: readonly number[], dtype: ActivationDType = 'int8'): Suite {
  return opSuite(suiteName('concat', dtype), seeds, (draw): OpCase => {
    const shape = draw.shape();
    const axis = draw.between(1, shape.length - 1);
    const quantization = draw.activation(dtype);
    const count = draw.between(1, 5);
    const shapes = Array.from({ length: count }, () =>
      shape.map((extent, i) => (i === axis ? draw.between(1, 6) : extent)),
    );
    const inputs = shapes.map((each) => ({ shape: each, quantization, dtype }));
    const model = opModel('concat', inputs, (builder, ids) =>
      builder.node('output', concat, { axis }, ids, { quantization: [quantization] }),
    );
    return {
      label: `${shapes.map(extents).join(' ')} along axis ${axis}`,
      model,
      inputs: [shapes.map((each) => draw.stored(dtype, each))],
    };
  });
}

/** RESHAPE to one axis, or to two factors. */
export function reshapeSuite(seeds: readonly number[], dtype: ActivationDType = 'int8'): Suite {
  return opSuite(suiteName('reshape', dtype), seeds, (draw): OpCase => {
    const from = draw.shape();
    const size = sizeOf(from);
    const to = draw.pick([1, size], [1, 1, size], [1, ...from.slice(1).reverse()]);
    const quantization = draw.activation(dtype);
    const model = opModel('reshape', [{ shape: from, quantization, dtype }], (builder, [x]) =>
      builder.node('output', reshape, { shape: [...to] }, [x], { quantization: [quantization] }),
    );
    return { label: `${extents(from)} to ${extents(to)}`, model, inputs: [[draw.stored(dtype, from)]] };
  });
}

export function flattenSuite(seeds: readonly number[], dtype: ActivationDType = 'int8'): Suite {
  return opSuite(suiteName('flatten', dtype), seeds, (draw): OpCase => {
    const shape = draw.shape();
    const quantization = draw.activation(dtype);
    const model = opModel('flatten', [{ shape, quantization, dtype }], (builder, [x]) =>
      builder.node('output', flatten, {}, [x], { quantization: [quantization] }),
    );
    return { label: extents(shape), model, inputs: [[draw.stored(dtype, shape)]] };
  });
}

/** PAD with zero, and PADV2 with some other value. */
export function padSuite(seeds: readonly number[], dtype: ActivationDType = 'int8'): Suite {
  return opSuite(suiteName('pad', dtype), seeds, (draw): OpCase => {
    const shape = draw.shape();
    const quantization = draw.activation(dtype);
    const [scale, zeroPoint] = [quantization.scale[0], quantization.zeroPoint[0]];
    const paddings = shape.map((_, axis): [number, number] =>
      axis === 0 ? [0, 0] : [draw.between(0, 3), draw.between(0, 3)],
    );
    const { min, max } = STORED_RANGE[dtype];
    const value = draw.oneIn(3) ? scale * (draw.between(min, max) - zeroPoint) : 0;
    const model = opModel('pad', [{ shape, quantization, dtype }], (builder, [x]) =>
      builder.node('output', pad, { paddings, value }, [x], { quantization: [quantization] }),
    );
    return {
      label: `${extents(shape)} by ${paddings.map(([a, b]) => `${a}+${b}`).join(' ')} of ${short(value)}`,
      model,
      inputs: [[draw.stored(dtype, shape)]],
    };
  });
}
