import { dequantize, ModelBuilder, quantize } from '@whittle/core';
import { STORED_RANGE } from '@whittle/int8';
import type { ActivationDType } from '@whittle/int8';
import type { Suite } from '../suite.js';
import { sweep } from './draw.js';
import { extents, opModel, opSuite, short, suiteName } from './op-suite.js';
import type { OpCase } from './op-suite.js';

/** How much finer the steps of a type are than those of int8. */
const finer: Readonly<Record<ActivationDType, number>> = { int8: 1, int16: 2 ** -8 };

/** QUANTIZE from one integer quantization to another, of the same type or the other one. */
export function requantizeSuite(
  seeds: readonly number[],
  from: ActivationDType = 'int8',
  to: ActivationDType = from,
): Suite {
  const name = from === to ? suiteName('requantize', from) : `requantize_${from}_${to}`;
  return opSuite(name, seeds, (draw): OpCase => {
    const input = draw.activation(from);
    const natural = (input.scale[0] / finer[from]) * finer[to];
    const output = draw.scaled(natural * draw.logUniform(1 / 8, 8), to);
    const shape = [1, 256];
    const model = opModel('requantize', [{ shape, quantization: input, dtype: from }], (builder, [x]) =>
      builder.node('output', quantize, { dtype: to }, [x], { quantization: [output] }),
    );
    const scales = [input, output].map((q) => `${short(q.scale[0])}/${q.zeroPoint[0]}`);
    return { label: `scales ${scales.join(' ')}`, model, inputs: [[sweep(from, shape, input)]] };
  });
}

/** QUANTIZE from float32, with values beyond the range and halves of a step. */
export function quantizeSuite(seeds: readonly number[], dtype: ActivationDType = 'int8'): Suite {
  return opSuite(suiteName('quantize', dtype), seeds, (draw): OpCase => {
    const shape = draw.shape();
    const quantization = draw.activation(dtype);
    const builder = new ModelBuilder('quantize');
    const x = builder.input('input', shape);
    builder.output(builder.node('output', quantize, { dtype }, [x], { quantization: [quantization] }));
    const scale = quantization.scale[0];
    const wide = draw.float32(shape, scale * STORED_RANGE[dtype].max * 0.8);
    const halves = draw.stored(dtype, shape);
    const atHalves = Float32Array.from(Array.from(halves.data, Number), (step) => scale * (step + 0.5));
    return {
      label: `${extents(shape)} scale ${short(scale)}/${quantization.zeroPoint[0]}`,
      model: builder.finish(),
      inputs: [[wide], [{ ...wide, data: atHalves }]],
    };
  });
}

/** DEQUANTIZE to float32. */
export function dequantizeSuite(seeds: readonly number[], dtype: ActivationDType = 'int8'): Suite {
  return opSuite(suiteName('dequantize', dtype), seeds, (draw): OpCase => {
    const quantization = draw.activation(dtype);
    const shape = draw.pick([1, 256], [1, 4, 8, 8]);
    const model = opModel('dequantize', [{ shape, quantization, dtype }], (builder, [x]) =>
      builder.node('output', dequantize, {}, [x]),
    );
    return {
      label: `${extents(shape)} scale ${short(quantization.scale[0])}/${quantization.zeroPoint[0]}`,
      model,
      inputs: [[sweep(dtype, shape, quantization)]],
    };
  });
}
