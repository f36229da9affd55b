import { dense, tensor } from '@whittle/core';
import type { Tensor } from '@whittle/core';
import type { ActivationDType } from '@whittle/int8';
import type { Suite } from '../suite.js';
import {
  biasQuantization,
  describeBias,
  drawActivation,
  drawBiasOfEitherWidth,
  drawInput,
  drawOutput,
  drawWeight,
} from './convolution.js';
import type { Draw } from './draw.js';
import { perTensor } from './draw.js';
import { extents, opModel, opSuite, suiteName } from './op-suite.js';
import type { OpCase } from './op-suite.js';

/** FULLY_CONNECTED: one scale, with a zero point now and then, or one for each output; inputs of rank 2 and 3. */
export function denseSuite(seeds: readonly number[], dtype: ActivationDType = 'int8'): Suite {
  return opSuite(suiteName('dense', dtype), seeds, (draw): OpCase => {
    const [inputs, outputs] = [draw.between(1, 40), draw.between(1, 20)];
    const shape = draw.oneIn(4) ? [1, draw.between(1, 4), inputs] : [1, inputs];
    const asymmetric = dtype === 'int16' && draw.oneIn(3);
    const input = asymmetric ? draw.quantization(dtype) : drawInput(draw, dtype);
    const weight = draw.oneIn(4)
      ? drawAsymmetric(draw, [inputs, outputs])
      : drawWeight(draw, [inputs, outputs], 1);
    const { scale, axis, zeroPoint } = weight.quantization!;
    const bias = draw.oneIn(5)
      ? undefined
      : drawBiasOfEitherWidth(draw, dtype, outputs, biasQuantization(input, scale));
    const spread = drawOutput(draw, input, scale, inputs, dtype);
    const output = asymmetric ? perTensor(spread.scale[0], draw.zeroPoint(dtype)) : spread;
    const offset = dtype === 'int16' && [input, output].some((q) => q.zeroPoint[0] !== 0);
    const activation = drawActivation(draw);
    const model = opModel('dense', [{ shape, quantization: input, dtype }], (builder, [x]) => {
      const operands = [x, builder.parameter('weight', weight, 'weight')];
      if (bias) operands.push(builder.parameter('bias', bias, 'bias'));
      return builder.node('output', dense, { activation }, operands, { quantization: [output] });
    });
    const scales = axis === undefined ? `weight zero point ${zeroPoint[0]}` : 'per channel';
    return {
      label: `${extents(shape)}->${outputs} ${scales} ${activation}${offset ? ' offset' : ''}${describeBias(bias)}`,
      model,
      inputs: [[draw.stored(dtype, shape)], [draw.stored(dtype, shape)]],
    };
  });
}

function drawAsymmetric(draw: Draw, shape: readonly number[]): Tensor<'int8'> {
  const { data } = draw.int8(shape);
  return tensor('int8', shape, data, perTensor(draw.logUniform(1e-3, 5e-2), draw.between(-20, 20)));
}
