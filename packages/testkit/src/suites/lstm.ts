import { lstm, lstmGates, ModelBuilder } from '@whittle/core';
import type { Quantization, Tensor } from '@whittle/core';
import type { ActivationDType } from '@whittle/int8';
import type { Suite } from '../suite.js';
import { drawBias } from './convolution.js';
import type { Draw } from './draw.js';
import { perTensor } from './draw.js';
import { extents, opSuite, short, suiteName } from './op-suite.js';
import type { OpCase } from './op-suite.js';
import { initialState, STREAM_LENGTH } from './initial-state.js';

/** UNIDIRECTIONAL_SEQUENCE_LSTM over sequences of one or several steps, batch or time first. */
export function lstmSuite(seeds: readonly number[], dtype: ActivationDType = 'int8'): Suite {
  return opSuite(suiteName('lstm', dtype), seeds, (draw): OpCase => {
    const [inputs, units, steps] = [draw.between(1, 20), draw.between(1, 12), draw.between(1, 4)];
    const batch = draw.oneIn(4) ? draw.between(2, 3) : 1;
    const timeMajor = draw.oneIn(3);
    const shape = timeMajor ? [steps, batch, inputs] : [batch, steps, inputs];
    const input = drawQuantization(draw, dtype);
    const hidden = drawHidden(draw, dtype);
    const cell = perTensor(2 ** draw.pick(-11, -11, -12, -10, -9, draw.between(-16, 0)), 0);
    const cellClip = draw.oneIn(3) ? draw.logUniform(0.1, 20) : 0;

    const builder = new ModelBuilder('lstm');
    const x = builder.input('input', shape, { dtype, quantization: input });
    // How far the sums of gates reach, where sigmoid and tanh are not yet flat.
    const reach = draw.logUniform(0.5, 12);
    const weights = (prefix: string, rows: number, from: Quantization) =>
      lstmGates.map((gate) => {
        const weight = drawWeight(draw, [rows, units], from, dtype, reach);
        return builder.parameter(`${prefix}/${gate}`, weight, 'weight');
      });
    const kernel = weights('kernel', inputs, input);
    const recurrent = weights('recurrent', units, hidden);
    const biases = lstmGates.map((gate, g) => {
      const weight = builder.typeOf(kernel[g]).quantization!.scale[0];
      const bias = drawBias(draw, dtype, units, perTensor(input.scale[0] * weight, 0));
      return builder.parameter(`bias/${gate}`, bias, 'bias');
    });
    const states = [
      builder.state('hidden', initialState(dtype, [batch, units], hidden)),
      builder.state('cell', initialState('int16', [batch, units], cell)),
    ];
    const [y, ...next] = builder.results(
      ['output', 'next_hidden', 'next_cell'],
      lstm,
      { cellClip, timeMajor },
      [x, ...kernel, ...recurrent, ...biases, ...states],
      { quantization: [hidden, hidden, cell] },
    );
    states.forEach((state, i) => builder.nextState(state, next[i]));
    builder.output(y);
    return {
      label: `${extents(shape)}->${units}${timeMajor ? ' time first' : ''} cell scale 2^${Math.log2(cell.scale[0])}${cellClip > 0 ? ` clip ${short(cellClip)}` : ''}`,
      model: builder.finish(),
      inputs: Array.from({ length: STREAM_LENGTH }, () => [draw.stored(dtype, shape)]),
    };
  });
}

/** int16 has zero points now and then, which these kernels honour. */
function drawQuantization(draw: Draw, dtype: ActivationDType): Quantization {
  return dtype === 'int8' || draw.oneIn(4) ? draw.quantization(dtype) : draw.symmetric(dtype);
}

/** What spreads -1 to 1 over the type, give or take. */
function drawHidden(draw: Draw, dtype: ActivationDType): Quantization {
  const full = dtype === 'int8' ? 2 ** -7 : 2 ** -15;
  const scale = draw.oneIn(2) ? full : full * draw.logUniform(0.25, 2);
  if (dtype === 'int8') return perTensor(scale, draw.oneIn(2) ? draw.between(-40, 40) : 0);
  return perTensor(scale, draw.oneIn(4) ? draw.between(-10_000, 10_000) : 0);
}

/** Weights under whose scale a sum of real products is about `reach`. */
function drawWeight(
  draw: Draw,
  shape: readonly number[],
  from: Quantization,
  dtype: ActivationDType,
  reach: number,
): Tensor {
  const largest = from.scale[0] * (dtype === 'int8' ? 74 : 74 * 256);
  const scale = reach / (largest * 74 * Math.sqrt(shape[0]));
  return draw.int8(shape, perTensor(Math.max(scale * draw.logUniform(0.5, 2), 1e-9), 0));
}
