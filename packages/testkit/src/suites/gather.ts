import { gather, sizeOf, tensor, tile } from '@whittle/core';
import type { Tensor } from '@whittle/core';
import type { ActivationDType } from '@whittle/int8';
import type { Suite } from '../suite.js';
import type { Draw } from './draw.js';
import { extents, opModel, opSuite, suiteName } from './op-suite.js';
import type { OpCase } from './op-suite.js';

/** GATHER of int8: entries of an input by constant indices, or of a table by computed ones. */
export function gatherSuite(seeds: readonly number[]): Suite {
  return opSuite('gather', seeds, (draw): OpCase => (draw.oneIn(2) ? picked(draw) : embedded(draw)));
}

function drawIndices(draw: Draw, shape: readonly number[], entries: number): Tensor<'int32'> {
  const indices = Array.from({ length: sizeOf(shape) }, () => draw.between(0, entries - 1));
  return tensor('int32', shape, indices);
}

function picked(draw: Draw): OpCase {
  const shape = draw.shape(4, 8);
  const axis = draw.between(1, shape.length - 1);
  const quantization = draw.quantization();
  const places = draw.pick([draw.between(1, 6)], [draw.between(1, 3), draw.between(1, 3)]);
  const value = drawIndices(draw, places, shape[axis]);
  const model = opModel('gather', [{ shape, quantization }], (builder, [x]) =>
    builder.node('output', gather, { axis }, [x, builder.parameter('indices', value, 'weight')], {
      quantization: [quantization],
    }),
  );
  return {
    label: `${extents(places)} of ${extents(shape)} along axis ${axis}`,
    model,
    inputs: [[draw.int8(shape)]],
  };
}

function embedded(draw: Draw): OpCase {
  const shape = [draw.between(1, 20), ...draw.shape(3, 6).slice(1)];
  const quantization = draw.quantization();
  const table = draw.int8(shape, quantization);
  const places = [1, draw.between(1, 6)];
  const model = opModel('gather', [{ shape: places, dtype: 'int32' }], (builder, [indices]) =>
    builder.node('output', gather, { axis: 0 }, [builder.parameter('table', table, 'weight'), indices], {
      quantization: [quantization],
    }),
  );
  return {
    label: `${extents(places)} of a table of ${extents(shape)}`,
    model,
    inputs: [1, 2].map(() => [drawIndices(draw, places, shape[0])]),
  };
}

/** Repetition along any axes but the first. */
export function tileSuite(seeds: readonly number[], dtype: ActivationDType = 'int8'): Suite {
  return opSuite(suiteName('tile', dtype), seeds, (draw): OpCase => {
    const shape = draw.shape(4, 4);
    const multiples = shape.map((_, axis) => (axis === 0 || draw.oneIn(2) ? 1 : draw.between(1, 4)));
    const quantization = draw.activation(dtype);
    const model = opModel('tile', [{ shape, quantization, dtype }], (builder, [x]) =>
      builder.node('output', tile, { multiples }, [x], { quantization: [quantization] }),
    );
    return {
      label: `${extents(shape)} ${extents(multiples)} times`,
      model,
      inputs: [[draw.stored(dtype, shape)]],
    };
  });
}
