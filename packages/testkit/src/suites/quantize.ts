import { dequantize, ModelBuilder, quantize } from '@whittle/core';
import type { Suite } from '../suite.js';
import { everyInt8, perTensor } from './draw.js';
import { extents, opModel, opSuite, short } from './op-suite.js';
import type { OpCase } from './op-suite.js';

/** QUANTIZE from one int8 quantization to another. */
export function requantizeSuite(seeds: readonly number[]): Suite {
  return opSuite('requantize', seeds, (draw): OpCase => {
    const input = draw.quantization();
    const output = perTensor(input.scale[0] * draw.logUniform(1 / 8, 8), draw.zeroPoint());
    const shape = [1, 256];
    const model = opModel('requantize', [{ shape, quantization: input }], (builder, [x]) =>
      builder.node('output', quantize, { dtype: 'int8' }, [x], { quantization: [output] }),
    );
    const scales = [input, output].map((q) => `${short(q.scale[0])}/${q.zeroPoint[0]}`);
    return { label: `scales ${scales.join(' ')}`, model, inputs: [[everyInt8(shape, input)]] };
  });
}

/** QUANTIZE from float32 to int8, with values beyond the range and halves of a step. */
export function quantizeSuite(seeds: readonly number[]): Suite {
  return opSuite('quantize', seeds, (draw): OpCase => {
    const shape = draw.shape();
    const quantization = draw.quantization();
    const builder = new ModelBuilder('quantize');
    const x = builder.input('input', shape);
    builder.output(
      builder.node('output', quantize, { dtype: 'int8' }, [x], { quantization: [quantization] }),
    );
    const scale = quantization.scale[0];
    const wide = draw.float32(shape, scale * 100);
    const halves = draw.int8(shape);
    const atHalves = Float32Array.from(halves.data, (step) => scale * (step + 0.5));
    return {
      label: `${extents(shape)} scale ${short(scale)}/${quantization.zeroPoint[0]}`,
      model: builder.finish(),
      inputs: [[wide], [{ ...wide, data: atHalves }]],
    };
  });
}

/** DEQUANTIZE from int8 to float32. */
export function dequantizeSuite(seeds: readonly number[]): Suite {
  return opSuite('dequantize', seeds, (draw): OpCase => {
    const quantization = draw.quantization();
    const shape = draw.pick([1, 256], [1, 4, 8, 8]);
    const model = opModel('dequantize', [{ shape, quantization }], (builder, [x]) =>
      builder.node('output', dequantize, {}, [x]),
    );
    return {
      label: `${extents(shape)} scale ${short(quantization.scale[0])}/${quantization.zeroPoint[0]}`,
      model,
      inputs: [[everyInt8(shape, quantization)]],
    };
  });
}
