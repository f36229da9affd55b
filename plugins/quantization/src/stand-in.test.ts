import { expect, test } from 'vitest';
import { tensorsEqual } from '@whittle/core';
import { int8Plugin } from '@whittle/int8';
import { floatNetwork } from './float-network.fixture.js';
import { int8Quantized } from './int8-quantized.js';
import { quantizeStandIn } from './stand-in.js';

test('a float model is quantized without data, the same each time', async () => {
  const plugins = [int8Plugin];
  const model = floatNetwork();
  const [a, b] = [await quantizeStandIn(model, { plugins }), await quantizeStandIn(model, { plugins })];
  expect(int8Quantized.check!(a)).toBeUndefined();
  expect(int8Quantized.check!(model)).toBeDefined();
  expect([...a.values]).toEqual([...b.values]);
  for (const [id, { tensor }] of a.parameters)
    expect(tensorsEqual(tensor, b.parameters.get(id)!.tensor)).toBe(true);
});
