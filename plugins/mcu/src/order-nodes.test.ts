import { add, bind, conv2d, LoweringTable, ModelBuilder, tensor } from '@whittle/core';
import type { Id, Model, Quantization } from '@whittle/core';
import { expect, test } from 'vitest';
import { buildProgram } from './build-program.js';
import { kernelLowerings } from './lowerings/index.js';
import { NodeKernels } from './lower-nodes.js';
import { orderForPeak } from './order-nodes.js';
import { arenaBytesOf } from './program.js';

const lowerings = new LoweringTable(kernelLowerings);
const context = { features: [], optimize: 'flash' } as const;
const unit: Quantization = { scale: Float32Array.of(1), zeroPoint: Int32Array.of(0) };

/** Branches of an image, each widened and then narrowed; listed breadth first, or depth first. */
function branches(depthFirst: boolean): Model {
  const builder = new ModelBuilder('branches');
  const image = builder.input('image', ['batch', 8, 8, 2], { dtype: 'int8', quantization: unit });
  const pointwise = (id: Id, from: Id, inputs: number, outputs: number) =>
    builder.node(
      id,
      conv2d,
      { strides: [1, 1], padding: 'same', dilations: [1, 1], activation: 'none', groups: 1 },
      [
        from,
        builder.parameter(
          `${id}/weight`,
          tensor('int8', [1, 1, inputs, outputs], new Int8Array(inputs * outputs).fill(1), {
            ...unit,
            scale: Float32Array.of(0.1),
          }),
          'weight',
        ),
      ],
      { quantization: [unit] },
    );
  const wide: Id[] = [];
  const narrow: Id[] = [];
  for (const i of [0, 1, 2]) {
    wide.push(pointwise(`wide${i}`, image, 2, 16));
    if (depthFirst) narrow.push(pointwise(`narrow${i}`, wide[i], 16, 2));
  }
  if (!depthFirst) wide.forEach((id, i) => narrow.push(pointwise(`narrow${i}`, id, 16, 2)));
  const sum = builder.node('sum', add, { activation: 'none' }, [narrow[0], narrow[1]], {
    quantization: [unit],
  });
  builder.output(
    builder.node('all', add, { activation: 'none' }, [sum, narrow[2]], { quantization: [unit] }),
  );
  return bind(builder.finish(), { batch: 1 });
}

test('wide values are made one after another where they need not live together', async () => {
  const kernels = await NodeKernels.load(branches(false), lowerings, context);
  const order = orderForPeak(kernels)!;
  expect([...order].sort()).toEqual(kernels.model.nodes.map((_, i) => i));
  const names = kernels.reordered(order).model.nodes.map(({ outputs }) => outputs[0]);
  expect(names.indexOf('narrow0')).toBeLessThan(Math.max(names.indexOf('wide1'), names.indexOf('wide2')));
  expect(arenaBytesOf(await buildProgram(branches(false), lowerings, context))).toBe(
    arenaBytesOf(await buildProgram(branches(true), lowerings, context)),
  );
});

test('an order that is the best already stays', async () => {
  expect(orderForPeak(await NodeKernels.load(branches(true), lowerings, context))).toBeUndefined();
});
