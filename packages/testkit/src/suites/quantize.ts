import { dequantize, ModelBuilder, quantize, tensor } from '@whittle/core';
import { STORED_RANGE } from '@whittle/int8';
import type { ActivationDType } from '@whittle/int8';
import type { Suite } from '../suite.js';
import { perTensor, sweep } from './draw.js';
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

/** QUANTIZE between int8 and uint8, whose steps are often the same. */
export function unsignedQuantizeSuite(seeds: readonly number[], from: 'int8' | 'uint8'): Suite {
  const to = from === 'int8' ? 'uint8' : 'int8';
  return opSuite(`requantize_${from}_${to}`, seeds, (draw): OpCase => {
    const quantization = (dtype: typeof from, scale: number) =>
      perTensor(scale, draw.zeroPoint() + (dtype === 'uint8' ? 128 : 0));
    const input = quantization(from, draw.scale());
    const same = perTensor(input.scale[0], input.zeroPoint[0] + (to === 'uint8' ? 128 : -128));
    const output = draw.oneIn(3) ? same : quantization(to, input.scale[0] * draw.logUniform(1 / 8, 8));
    const shape = [1, 256];
    const builder = new ModelBuilder('requantize');
    const x = builder.input('input', shape, { dtype: from, quantization: input });
    builder.output(builder.node('output', quantize, { dtype: to }, [x], { quantization: [output] }));
    const every = sweep('int8', shape, input).data as Int8Array;
    const value =
      from === 'int8' ? tensor('int8', shape, every) : tensor('uint8', shape, Uint8Array.from(every));
    const scales = [input, output].map((q) => `${short(q.scale[0])}/${q.zeroPoint[0]}`);
    return { label: `scales ${scales.join(' ')}`, model: builder.finish(), inputs: [[value]] };
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
