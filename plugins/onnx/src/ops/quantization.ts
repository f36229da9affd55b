import { cast, div, maximum, minimum, mul, round, sub } from '@whittle/core';
import type { NodeCall } from '../graph/node-call.js';
import type { OpReaders } from './op-reader.js';
import { elementwise } from './unary.js';

const none = { activation: 'none' } as const;

const ranges: Readonly<Record<string, readonly [number, number]>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  // What uint16 becomes.
  int32: [0, 65535],
};

/**
 * Quantization of a value that the model computes: it stays float, but is one of the values that the integers stand for, as ONNX
 * Runtime rounds and cuts off. Exporters leave out a ReLU where the range does the same.
 */
function rounded(call: NodeCall): void {
  const scale = call.constant(1, 'a scale').tensor;
  const zeroPoint = call.has(2) ? call.constant(2, 'a zero point').tensor : undefined;
  const range = ranges[zeroPoint?.dtype ?? 'uint8'];
  if (!range) throw call.unsupported(`a result of ${zeroPoint?.dtype}`);
  if (scale.data.length !== 1) throw call.unsupported('a scale for each channel of a computed value');
  const [low, high] = range.map((bound) => bound - Number(zeroPoint?.data[0] ?? 0));
  const step = call.scalar(Number(scale.data[0]), 'scale');
  elementwise((_, x) => {
    const steps = call.emit(round, {}, [call.emit(div, none, [x, step], 'in_steps')], 'rounded');
    const above = call.emit(maximum, none, [steps, call.scalar(low, 'low')], 'from_low');
    const within = call.emit(minimum, none, [above, call.scalar(high, 'high')], 'to_high');
    return call.emit(mul, none, [within, step]);
  })(call);
}

/** What was quantized here is real in the model already; integers that come in become (q - zero point) scale. */
function dequantized(call: NodeCall): void {
  const x = call.activation(call.operand(0));
  if (x.dtype === 'float32') return call.alias(x);
  const scale = call.constant(1, 'a scale').tensor;
  if (scale.data.length !== 1) throw call.unsupported('a scale for each channel of a computed value');
  const zeroPoint = call.has(2) ? call.numbers(2, 'a zero point')[0] : 0;
  let id = call.emit(cast, { dtype: 'float32' }, [x.id], 'real');
  if (zeroPoint !== 0) id = call.emit(sub, none, [id, call.scalar(zeroPoint, 'zero_point')], 'centred');
  id = call.emit(mul, none, [id, call.scalar(Number(scale.data[0]), 'scale')]);
  call.result(id, x.order, { shape: x.shape, scramble: x.scramble });
}

export const quantizationReaders: OpReaders = { QuantizeLinear: rounded, DequantizeLinear: dequantized };
