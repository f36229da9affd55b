import {
  abs,
  elu,
  hardSwish,
  leakyRelu,
  prelu,
  relu,
  relu6,
  rsqrt,
  sigmoid,
  softmax,
  tanh,
  tensor,
} from '@whittle/core';
import { STORED_RANGE } from '@whittle/int8';
import type { OpDefinition, Quantization, Tensor } from '@whittle/core';
import type { ActivationDType } from '@whittle/int8';
import type { Suite } from '../suite.js';
import type { Draw } from './draw.js';
import { perTensor, sweep } from './draw.js';
import { extents, opModel, opSuite, short, suiteName } from './op-suite.js';
import type { OpCase } from './op-suite.js';

interface Drawn<A> {
  readonly input: Quantization;
  readonly output: Quantization;
  readonly attributes: A;
}

/** Every int8 value goes through the op; of int16, some from everywhere, and random ones. */
function unarySuite<A extends object>(
  op: OpDefinition<A>,
  dtype: ActivationDType,
  seeds: readonly number[],
  drawScales: (draw: Draw) => Drawn<A>,
): Suite {
  return opSuite(suiteName(op.name, dtype), seeds, (draw): OpCase => {
    const { input, output, attributes } = drawScales(draw);
    const shape = draw.pick([1, 256], [1, 16, 16], [1, 4, 8, 8], [1, 256, 1, 1]);
    const model = opModel(op.name, [{ shape, quantization: input, dtype }], (builder, [x]) =>
      builder.node('output', op, attributes, [x], { quantization: [output] }),
    );
    const describe = (q: Quantization) => `${short(q.scale[0])}/${q.zeroPoint[0]}`;
    const options = Object.entries(attributes).map(([name, value]) => ` ${name} ${short(Number(value))}`);
    return {
      label: `${extents(shape)}, scales ${describe(input)} ${describe(output)}${options.join('')}`,
      model,
      inputs: [[sweep(dtype, shape, input)], ...(dtype === 'int8' ? [] : [[draw.int16(shape)]])],
    };
  });
}

/** An output scale from a quarter of the input's to four times it. */
const rescaled = (draw: Draw, input: Quantization, dtype: ActivationDType): Quantization =>
  draw.scaled(input.scale[0] * draw.logUniform(1 / 4, 4), dtype);

/** RELU, RELU6, LEAKY_RELU, LOGISTIC, TANH and ABS, and of int8 ELU and HARD_SWISH. */
export function activationSuites(seeds: readonly number[], dtype: ActivationDType = 'int8'): Suite[] {
  const free = (draw: Draw) => {
    const input = draw.activation(dtype);
    return { input, output: rescaled(draw, input, dtype), attributes: {} };
  };
  const kept = (draw: Draw) => {
    const input = draw.activation(dtype);
    return { input, output: input, attributes: {} };
  };
  const onto = (scale: number, zeroPoint: number) => (draw: Draw) => ({
    input: perTensor(draw.logUniform(1e-3, 2), draw.zeroPoint()),
    output: perTensor(scale, zeroPoint),
    attributes: {},
  });
  const sloped = (draw: Draw) => ({
    ...free(draw),
    attributes: { alpha: draw.pick(0.01, 0.1, 0.25, 0.3, 1, -0.5, -1.5) },
  });
  // Kernels take scales that are powers of two in another way.
  const ontoUnit = (draw: Draw) => ({
    input: perTensor(draw.oneIn(3) ? 2 ** draw.between(-15, -9) : draw.logUniform(1e-6, 1e-2), 0),
    output: perTensor(2 ** -15, 0),
    attributes: {},
  });
  const suites = [
    unarySuite(relu, dtype, seeds, free),
    unarySuite(relu6, dtype, seeds, kept),
    unarySuite(leakyRelu, dtype, seeds, sloped),
    unarySuite(sigmoid, dtype, seeds, dtype === 'int8' ? onto(1 / 256, -128) : ontoUnit),
    unarySuite(tanh, dtype, seeds, dtype === 'int8' ? onto(1 / 128, 0) : ontoUnit),
    unarySuite(abs, dtype, seeds, (draw) => (draw.oneIn(3) ? kept(draw) : free(draw))),
  ];
  if (dtype === 'int8')
    suites.push(unarySuite(elu, dtype, seeds, free), unarySuite(hardSwish, dtype, seeds, free));
  return suites;
}

/** RSQRT of every int8 value from 0 on, or of int16 values. */
export function rsqrtSuite(seeds: readonly number[], dtype: ActivationDType = 'int8'): Suite {
  return opSuite(suiteName('rsqrt', dtype), seeds, (draw): OpCase => {
    const input = draw.activation(dtype);
    const { max } = STORED_RANGE[dtype];
    // A few steps from 0 the result is about this large.
    const middle = 1 / Math.sqrt(input.scale[0]) / max;
    const output = draw.scaled(middle * draw.logUniform(1 / 16, 16), dtype);
    const shape = draw.pick([1, 256], [1, 16, 16]);
    const model = opModel('rsqrt', [{ shape, quantization: input, dtype }], (builder, [x]) =>
      builder.node('output', rsqrt, {}, [x], { quantization: [output] }),
    );
    const zero = input.zeroPoint[0];
    const fromZero = ({ data }: Tensor) =>
      tensor(
        dtype,
        shape,
        Array.from(data, Number).map((x) => Math.max(x, zero)),
      );
    const near = tensor(
      dtype,
      shape,
      Array.from({ length: 256 }, (_, i) => Math.min(zero + i, max)),
    );
    return {
      label: `${extents(shape)}, scales ${short(input.scale[0])}/${zero} ${short(output.scale[0])}`,
      model,
      inputs: [[near], [fromZero(sweep(dtype, shape, input))], [fromZero(draw.stored(dtype, shape))]],
    };
  });
}

/** PRELU with slopes of int8 by channel, by element, or one for all. */
export function preluSuite(seeds: readonly number[], dtype: ActivationDType = 'int8'): Suite {
  return opSuite(suiteName('prelu', dtype), seeds, (draw): OpCase => {
    const shape = draw.shape();
    const last = shape[shape.length - 1];
    const slopes = draw.pick(
      shape.slice(1),
      [last],
      shape.slice(1).map(() => 1),
      [1, ...shape.slice(1)],
    );
    const [input, alpha] = [draw.activation(dtype), draw.quantization()];
    const output = draw.scaled(Math.max(input.scale[0] * draw.gain(), 1e-8), dtype);
    const value = draw.int8(slopes, alpha);
    const model = opModel('prelu', [{ shape, quantization: input, dtype }], (builder, [x]) =>
      builder.node('output', prelu, {}, [x, builder.parameter('alpha', value, 'weight')], {
        quantization: [output],
      }),
    );
    const scales = [input, alpha, output].map((q) => short(q.scale[0])).join(' ');
    return {
      label: `${extents(shape)} slopes ${extents(slopes)}, scales ${scales}`,
      model,
      inputs: [[draw.stored(dtype, shape)]],
    };
  });
}

/** SOFTMAX over rows of 1 to 40. */
export function softmaxSuite(seeds: readonly number[], dtype: ActivationDType = 'int8'): Suite {
  const output = dtype === 'int8' ? perTensor(1 / 256, -128) : perTensor(2 ** -15, 0);
  return opSuite(suiteName('softmax', dtype), seeds, (draw): OpCase => {
    const shape = draw.oneIn(3) ? [1, draw.between(1, 4), draw.between(1, 40)] : [1, draw.between(1, 40)];
    const scale = draw.logUniform(1e-3, 1) * (dtype === 'int8' ? 1 : 2 ** -8);
    const quantization = draw.scaled(scale, dtype);
    const beta = draw.pick(1, 1, 0.5, 2);
    const model = opModel('softmax', [{ shape, quantization, dtype }], (builder, [x]) =>
      builder.node('output', softmax, { beta }, [x], { quantization: [output] }),
    );
    return {
      label: `${extents(shape)} beta ${beta} scale ${short(quantization.scale[0])}`,
      model,
      inputs: [1, 2, 3].map(() => [draw.stored(dtype, shape)]),
    };
  });
}
