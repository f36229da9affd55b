import { sigmoid, tanh, tensor, viewNode } from '@whittle/core';
import { expect, it } from 'vitest';
import { oneNode, scaled } from '../int8-node.fixture.js';
import { PROBABILITY_SCALE } from '../plans/softmax.js';
import { TANH_SCALE } from './sigmoids.js';
import { unaryTable } from './unary-table.js';

it.each([
  ['sigmoid', sigmoid, PROBABILITY_SCALE, 0],
  ['tanh', tanh, TANH_SCALE, 0],
] as const)('%s takes no scale that makes the shift of its range negative', (_, op, output, middle) => {
  const tableAt = (scale: number) => {
    const x = tensor('int8', [1], undefined, scaled(scale, 3));
    const model = oneNode(op, {}, [x], scaled(output.scale, output.zeroPoint));
    return unaryTable(op, viewNode(model, model.nodes[0]));
  };
  expect(tableAt(2 ** -28)[128 + 3]).toBe(middle);
  expect(() => tableAt(2 ** -29)).toThrow(
    expect.objectContaining({ code: 'QUANTIZATION_INVALID', message: expect.stringContaining('2^-28') }),
  );
});
