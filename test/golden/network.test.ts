import { expect, it } from 'vitest';
import { print } from '@whittle/core';
import { int8Suites } from '@whittle/testkit';
import { emitTflite, readTfliteModel } from '@whittle/tflite';
import { dumpTflite } from '@whittle/tflite-schema';

const [{ model }] = int8Suites([12])
  .find(({ name }) => name === 'network')!
  .cases();

it('a model as text', async () => {
  await expect(print(model)).toMatchFileSnapshot('network.model.txt');
});

it('its .tflite file as text, which reads back as the same model', async () => {
  const bytes = await emitTflite(model);
  await expect(dumpTflite(bytes)).toMatchFileSnapshot('network.tflite.txt');
  expect(print(readTfliteModel(bytes))).toBe(print(model));
});
