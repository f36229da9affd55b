import { ModelBuilder, svdf } from '@whittle/core';
import type { Quantization, Tensor } from '@whittle/core';
import type { ActivationDType } from '@whittle/int8';
import type { Suite } from '../suite.js';
import type { Draw } from './draw.js';
import { perTensor } from './draw.js';
import { extents, opSuite } from './op-suite.js';
import type { OpCase } from './op-suite.js';
import { initialState, STREAM_LENGTH } from './initial-state.js';

/** SVDF of int8 with a state of either type. */
export function svdfSuite(seeds: readonly number[], dtype: ActivationDType = 'int16'): Suite {
  return opSuite(dtype === 'int16' ? 'svdf' : 'svdf_int8_state', seeds, (draw): OpCase => {
    const [inputs, units] = [draw.between(1, 24), draw.between(1, 9)];
    const [rank, memory] = [draw.between(1, 3), draw.between(1, 10)];
    const batch = draw.oneIn(6) ? 2 : 1;
    const layer = drawLayer(draw, dtype, { inputs, filters: units * rank, memory });
    const { input, state } = layer;
    const product = state.scale[0] * layer.time.quantization!.scale[0];
    const bias = draw.oneIn(5) ? undefined : draw.bias(units, perTensor(product, 0));
    const activation = draw.pick('none', 'none', 'relu');
    const zeroPoint = activation === 'relu' ? -128 : draw.zeroPoint();
    const natural = product * (dtype === 'int8' ? 1 : 2 ** 16) * Math.sqrt(rank * memory) * 40;
    const output = perTensor(Math.max(natural * draw.gain(), 1e-12), zeroPoint);

    const builder = new ModelBuilder('svdf');
    const x = builder.input('input', [batch, inputs], { dtype: 'int8', quantization: input });
    const kept = builder.state('state', initialState(dtype, [batch, units * rank * memory], state));
    const operands = [
      x,
      builder.parameter('features', layer.features, 'weight'),
      builder.parameter('time', layer.time, 'weight'),
      kept,
      ...(bias ? [builder.parameter('bias', bias, 'bias')] : []),
    ];
    const [y, next] = builder.results(['output', 'next_state'], svdf, { rank, activation }, operands, {
      quantization: [output, state],
    });
    builder.nextState(kept, next);
    builder.output(y);
    return {
      label: `${extents([batch, inputs])}->${units} rank ${rank} memory ${memory} ${activation}${bias ? '' : ' no bias'}`,
      model: builder.finish(),
      inputs: Array.from({ length: STREAM_LENGTH }, () => [draw.int8([batch, inputs])]),
    };
  });
}

interface Layer {
  readonly input: Quantization;
  readonly state: Quantization;
  readonly features: Tensor<'int8'>;
  readonly time: Tensor;
}

/** Weights, and a state that is now and then saturated. */
function drawLayer(
  draw: Draw,
  dtype: ActivationDType,
  extent: { readonly inputs: number; readonly filters: number; readonly memory: number },
): Layer {
  const { inputs, filters, memory } = extent;
  const range = dtype === 'int8' ? 1 : 2 ** -8;
  const input = draw.quantization();
  const features = draw.int8([inputs, filters], perTensor(draw.logUniform(1e-3, 5e-2), 0));
  const natural = input.scale[0] * features.quantization!.scale[0] * Math.sqrt(inputs) * 40 * range;
  const zeroPoint = dtype === 'int8' && draw.oneIn(3) ? draw.between(-128, 127) : 0;
  return {
    input,
    state: perTensor(Math.max(natural * draw.logUniform(0.5, 16), 1e-12), zeroPoint),
    features,
    time: draw.stored(dtype, [filters, memory], perTensor(draw.logUniform(1e-3, 5e-2) * range, 0)),
  };
}
