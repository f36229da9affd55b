import { dense, tensor } from '@whittle/core';
import type { Tensor } from '@whittle/core';
import type { Suite } from '../suite.js';
import { biasQuantization, drawActivation, drawOutput, drawWeight } from './convolution.js';
import type { Draw } from './draw.js';
import { perTensor } from './draw.js';
import { extents, int8Model, opSuite } from './op-suite.js';
import type { OpCase } from './op-suite.js';

/** FULLY_CONNECTED: one scale, with a zero point now and then, or one for each output; inputs of rank 2 and 3. */
export function denseSuite(seeds: readonly number[]): Suite {
  return opSuite('dense', seeds, (draw): OpCase => {
    const [inputs, outputs] = [draw.between(1, 40), draw.between(1, 20)];
    const shape = draw.oneIn(4) ? [1, draw.between(1, 4), inputs] : [1, inputs];
    const input = draw.quantization();
    const weight = draw.oneIn(4)
      ? drawAsymmetric(draw, [inputs, outputs])
      : drawWeight(draw, [inputs, outputs], 1);
    const { scale, axis, zeroPoint } = weight.quantization!;
    const bias = draw.oneIn(5) ? undefined : draw.bias(outputs, biasQuantization(input, scale));
    const output = drawOutput(draw, input, scale, inputs);
    const activation = drawActivation(draw);
    const model = int8Model('dense', [{ shape, quantization: input }], (builder, [x]) => {
      const operands = [x, builder.parameter('weight', weight, 'weight')];
      if (bias) operands.push(builder.parameter('bias', bias, 'bias'));
      return builder.node('output', dense, { activation }, operands, { quantization: [output] });
    });
    const scales = axis === undefined ? `weight zero point ${zeroPoint[0]}` : 'per channel';
    return {
      label: `${extents(shape)}->${outputs} ${scales} ${activation}${bias ? '' : ' no bias'}`,
      model,
      inputs: [[draw.int8(shape)], [draw.int8(shape)]],
    };
  });
}

function drawAsymmetric(draw: Draw, shape: readonly number[]): Tensor<'int8'> {
  const { data } = draw.int8(shape);
  return tensor('int8', shape, data, perTensor(draw.logUniform(1e-3, 5e-2), draw.between(-20, 20)));
}
