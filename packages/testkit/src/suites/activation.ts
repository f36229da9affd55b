import { abs, elu, hardSwish, leakyRelu, prelu, relu, relu6, sigmoid, softmax, tanh } from '@whittle/core';
import type { OpDefinition, Quantization } from '@whittle/core';
import type { Suite } from '../suite.js';
import type { Draw } from './draw.js';
import { everyInt8, perTensor } from './draw.js';
import { extents, opModel, opSuite, short } from './op-suite.js';
import type { OpCase } from './op-suite.js';

interface Drawn<A> {
  readonly input: Quantization;
  readonly output: Quantization;
  readonly attributes: A;
}

/** Every int8 value goes through the op. */
function unarySuite<A extends object>(
  op: OpDefinition<A>,
  seeds: readonly number[],
  drawScales: (draw: Draw) => Drawn<A>,
): Suite {
  return opSuite(op.name, seeds, (draw): OpCase => {
    const { input, output, attributes } = drawScales(draw);
    const shape = draw.pick([1, 256], [1, 16, 16], [1, 4, 8, 8], [1, 256, 1, 1]);
    const model = opModel(op.name, [{ shape, quantization: input }], (builder, [x]) =>
      builder.node('output', op, attributes, [x], { quantization: [output] }),
    );
    const describe = (q: Quantization) => `${short(q.scale[0])}/${q.zeroPoint[0]}`;
    const options = Object.entries(attributes).map(([name, value]) => ` ${name} ${short(Number(value))}`);
    return {
      label: `${extents(shape)}, scales ${describe(input)} ${describe(output)}${options.join('')}`,
      model,
      inputs: [[everyInt8(shape, input)]],
    };
  });
}

/** An output scale from a quarter of the input's to four times it. */
const rescaled = (draw: Draw, input: Quantization): Quantization =>
  perTensor(input.scale[0] * draw.logUniform(1 / 4, 4), draw.zeroPoint());

/** RELU, RELU6, LEAKY_RELU, ELU, LOGISTIC, TANH, HARD_SWISH and ABS. */
export function activationSuites(seeds: readonly number[]): Suite[] {
  const free = (draw: Draw) => {
    const input = draw.quantization();
    return { input, output: rescaled(draw, input), attributes: {} };
  };
  const kept = (draw: Draw) => {
    const input = draw.quantization();
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
  return [
    unarySuite(relu, seeds, free),
    unarySuite(relu6, seeds, kept),
    unarySuite(leakyRelu, seeds, sloped),
    unarySuite(elu, seeds, free),
    unarySuite(sigmoid, seeds, onto(1 / 256, -128)),
    unarySuite(tanh, seeds, onto(1 / 128, 0)),
    unarySuite(hardSwish, seeds, free),
    unarySuite(abs, seeds, (draw) => (draw.oneIn(3) ? kept(draw) : free(draw))),
  ];
}

/** PRELU with slopes by channel, by element, or one for all. */
export function preluSuite(seeds: readonly number[]): Suite {
  return opSuite('prelu', seeds, (draw): OpCase => {
    const shape = draw.shape();
    const last = shape[shape.length - 1];
    const slopes = draw.pick(
      shape.slice(1),
      [last],
      shape.slice(1).map(() => 1),
      [1, ...shape.slice(1)],
    );
    const [input, alpha] = [draw.quantization(), draw.quantization()];
    const output = perTensor(Math.max(input.scale[0] * draw.gain(), 1e-8), draw.zeroPoint());
    const value = draw.int8(slopes, alpha);
    const model = opModel('prelu', [{ shape, quantization: input }], (builder, [x]) =>
      builder.node('output', prelu, {}, [x, builder.parameter('alpha', value, 'weight')], {
        quantization: [output],
      }),
    );
    const scales = [input, alpha, output].map((q) => short(q.scale[0])).join(' ');
    return {
      label: `${extents(shape)} slopes ${extents(slopes)}, scales ${scales}`,
      model,
      inputs: [[draw.int8(shape)]],
    };
  });
}

/** SOFTMAX over rows of 1 to 40. */
export function softmaxSuite(seeds: readonly number[]): Suite {
  return opSuite('softmax', seeds, (draw): OpCase => {
    const shape = draw.oneIn(3) ? [1, draw.between(1, 4), draw.between(1, 40)] : [1, draw.between(1, 40)];
    const quantization = perTensor(draw.logUniform(1e-3, 1), draw.zeroPoint());
    const beta = draw.pick(1, 1, 0.5, 2);
    const model = opModel('softmax', [{ shape, quantization }], (builder, [x]) =>
      builder.node('output', softmax, { beta }, [x], { quantization: [perTensor(1 / 256, -128)] }),
    );
    return {
      label: `${extents(shape)} beta ${beta} scale ${short(quantization.scale[0])}`,
      model,
      inputs: [[draw.int8(shape)], [draw.int8(shape)], [draw.int8(shape)]],
    };
  });
}
