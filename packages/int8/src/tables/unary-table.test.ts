import {
  abs,
  elu,
  hardSwish,
  leakyRelu,
  relu,
  relu6,
  rsqrt,
  sigmoid,
  swish,
  tanh,
  tensor,
  viewNode,
} from '@whittle/core';
import type { OpDefinition, Quantization, UnaryOp } from '@whittle/core';
import { describe, expect, it } from 'vitest';
import { oneNode, realValues, scaled } from '../int8-node.fixture.js';
import { unaryTable } from './unary-table.js';

const everyValue = (q: Quantization) =>
  tensor(
    'int8',
    [256],
    Int8Array.from({ length: 256 }, (_, i) => i - 128),
    q,
  );

function tableOf(op: OpDefinition, attributes: object, input: Quantization, output: Quantization) {
  const model = oneNode(op, attributes, [everyValue(input)], output);
  return unaryTable(op, viewNode(model, model.nodes[0]));
}

describe.each<[string, object, object, Quantization, Quantization, number]>([
  ['relu', relu, {}, scaled(0.05, 10), scaled(0.03, -128), 0.51],
  ['relu6', relu6, {}, scaled(0.05, -100), scaled(0.05, -100), 0.51],
  ['leaky_relu', leakyRelu, { alpha: 0.2 }, scaled(0.05, 10), scaled(0.04, -60), 0.76],
  ['leaky_relu of negative slope', leakyRelu, { alpha: -0.5 }, scaled(0.05, 10), scaled(0.04, -60), 0.76],
  ['elu', elu, {}, scaled(0.05, 10), scaled(0.04, -100), 0.51],
  ['sigmoid', sigmoid, {}, scaled(0.05, 10), scaled(1 / 256, -128), 0.6],
  ['tanh', tanh, {}, scaled(0.03, 10), scaled(1 / 128, 0), 0.6],
  ['hard_swish', hardSwish, {}, scaled(0.05, 10), scaled(0.04, -100), 1.1],
  ['abs', abs, {}, scaled(0.05, 10), scaled(0.04, -100), 0.76],
  ['abs at one scale', abs, {}, scaled(0.05, 10), scaled(0.05, -128), 0],
])('%s', (_, definition, attributes, input, output, steps) => {
  const op = definition as UnaryOp;

  it('is near the real function at each of the 256 values', () => {
    const table = tableOf(op, attributes, input, output);
    const real = realValues(everyValue(input));
    table.forEach((stored, i) => {
      const exact = op.apply(real[i], attributes) / output.scale[0] + output.zeroPoint[0];
      expect(Math.abs(stored - Math.min(Math.max(exact, -128), 127))).toBeLessThanOrEqual(steps);
    });
  });
});

it.each<[string, object, Quantization, string]>([
  ['a sigmoid of another scale', sigmoid, scaled(1 / 128, -128), 'QUANTIZATION_INVALID'],
  ['a tanh of another zero point', tanh, scaled(1 / 128, 1), 'QUANTIZATION_INVALID'],
  ['a relu6 that would rescale', relu6, scaled(0.1, 0), 'QUANTIZATION_INVALID'],
  ['a hard_swish of too fine a scale', hardSwish, scaled(0.05 / 200, 0), 'QUANTIZATION_INVALID'],
  ['an rsqrt beyond its range', rsqrt, scaled(1e-10), 'QUANTIZATION_INVALID'],
  ['an op without a kernel', swish, scaled(0.1, 0), 'OP_UNSUPPORTED'],
])('refuses %s', (_, op, output, code) => {
  expect(() => tableOf(op as OpDefinition, {}, scaled(0.05, 0), output)).toThrowError(
    expect.objectContaining({ code, node: 'y' }),
  );
});

it('tabulates rsqrt, which is the largest of 0 and less', () => {
  const [input, output] = [scaled(0.05, -100), scaled(0.04, -128)];
  const table = tableOf(rsqrt, {}, input, output);
  realValues(everyValue(input)).forEach((x, i) => {
    const exact = x > 0 ? 1 / Math.sqrt(x) / 0.04 - 128 : 127;
    expect(Math.abs(table[i] - Math.min(exact, 127))).toBeLessThanOrEqual(0.51);
  });
});
