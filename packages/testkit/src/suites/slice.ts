import { slice, split, transpose } from '@whittle/core';
import type { AxisRange } from '@whittle/core';
import type { ActivationDType } from '@whittle/int8';
import type { Suite } from '../suite.js';
import type { Draw } from './draw.js';
import { extents, opModel, opSuite, suiteName } from './op-suite.js';
import type { OpCase } from './op-suite.js';

/** A range of an axis, by steps of 1 unless told. */
function drawRange(draw: Draw, axis: number, extent: number, strided: boolean): AxisRange {
  const step = strided ? draw.pick(1, 2, 3, -1, -2) : 1;
  const start = draw.between(0, extent - 1);
  const room = step > 0 ? extent - 1 - start : start;
  return { axis, start, size: draw.between(1, 1 + Math.floor(room / Math.abs(step))), step };
}

/** SLICE, and STRIDED_SLICE with steps of either sign. */
export function sliceSuite(seeds: readonly number[], dtype: ActivationDType = 'int8'): Suite {
  return opSuite(suiteName('slice', dtype), seeds, (draw): OpCase => {
    const strided = draw.oneIn(2);
    const shape = draw.shape(strided ? 4 : 5);
    const ranges = shape.flatMap((extent, axis): AxisRange[] =>
      axis === 0 || draw.oneIn(3) ? [] : [drawRange(draw, axis, extent, strided)],
    );
    const quantization = draw.activation(dtype);
    const model = opModel('slice', [{ shape, quantization, dtype }], (builder, [x]) =>
      builder.node('output', slice, { ranges }, [x], { quantization: [quantization] }),
    );
    const described = ranges.map(
      ({ axis, start, size, step }) => `axis ${axis} ${size} from ${start} by ${step}`,
    );
    return {
      label: `${extents(shape)} ${described.join(', ')}`,
      model,
      inputs: [[draw.stored(dtype, shape)]],
    };
  });
}

/** SPLIT into equal parts, and SPLIT_V. */
export function splitSuite(seeds: readonly number[], dtype: ActivationDType = 'int8'): Suite {
  return opSuite(suiteName('split', dtype), seeds, (draw): OpCase => {
    const shape = draw.shape();
    const axis = draw.between(1, shape.length - 1);
    const size = draw.between(1, 3);
    const equal = draw.oneIn(2);
    const sizes = [
      size,
      ...Array.from({ length: draw.between(0, 3) }, () => (equal ? size : draw.between(1, 4))),
    ];
    shape[axis] = sizes.reduce((sum, part) => sum + part, 0);
    const quantization = draw.activation(dtype);
    const model = opModel('split', [{ shape, quantization, dtype }], (builder, [x]) => {
      const [first, ...rest] = sizes;
      const ids = sizes.map((_, i) => (i === 0 ? 'output' : `output_${i}`));
      const attributes = { axis, sizes: [first, ...rest] as [number, ...number[]] };
      const options = { quantization: sizes.map(() => quantization) };
      const [result, ...others] = builder.results(ids, split, attributes, [x], options);
      others.forEach((id) => builder.output(id));
      return result;
    });
    return {
      label: `${extents(shape)} along axis ${axis} to ${sizes.join(' ')}`,
      model,
      inputs: [[draw.stored(dtype, shape)]],
    };
  });
}

/** TRANSPOSE of up to five axes. */
export function transposeSuite(seeds: readonly number[], dtype: ActivationDType = 'int8'): Suite {
  return opSuite(suiteName('transpose', dtype), seeds, (draw): OpCase => {
    const shape = draw.shape(5, 5);
    const left = shape.map((_, axis) => axis).slice(1);
    const order = shape.slice(1).map(() => left.splice(draw.between(0, left.length - 1), 1)[0]);
    const permutation: [number, ...number[]] = [0, ...order];
    const quantization = draw.activation(dtype);
    const model = opModel('transpose', [{ shape, quantization, dtype }], (builder, [x]) =>
      builder.node('output', transpose, { permutation }, [x], { quantization: [quantization] }),
    );
    return {
      label: `${extents(shape)} to ${permutation.join(' ')}`,
      model,
      inputs: [[draw.stored(dtype, shape)]],
    };
  });
}
