import { l2Normalize, logSoftmax } from '@whittle/core';
import type { OpDefinition, Quantization } from '@whittle/core';
import type { Suite } from '../suite.js';
import { perTensor } from './draw.js';
import { extents, opModel, opSuite, short } from './op-suite.js';
import type { OpCase } from './op-suite.js';

/** LOG_SOFTMAX and L2_NORMALIZATION of int8 over vectors of 1 to 40. */
export function vectorSuites(seeds: readonly number[]): Suite[] {
  return [
    vectorSuite(logSoftmax, perTensor(1 / 16, 127), seeds),
    vectorSuite(l2Normalize, perTensor(1 / 128, 0), seeds),
  ];
}

function vectorSuite(op: OpDefinition, output: Quantization, seeds: readonly number[]): Suite {
  return opSuite(op.name, seeds, (draw): OpCase => {
    const shape = draw.oneIn(3) ? [1, draw.between(1, 4), draw.between(1, 40)] : [1, draw.between(1, 40)];
    const quantization = perTensor(draw.logUniform(1e-3, 1), draw.zeroPoint());
    const model = opModel(op.name, [{ shape, quantization }], (builder, [x]) =>
      builder.node('output', op, {}, [x], { quantization: [output] }),
    );
    return {
      label: `${extents(shape)} scale ${short(quantization.scale[0])}/${quantization.zeroPoint[0]}`,
      model,
      inputs: [1, 2, 3].map(() => [draw.int8(shape)]),
    };
  });
}
