import { describe, expect, it } from 'vitest';
import { int8Runtime } from '@whittle/int8';
import { exposeValues, runtimeContext, tflmRuntime } from '@whittle/testkit';
import { describeSuites } from '@whittle/testkit/vitest';
import { emitTflite, readTfliteModel } from '@whittle/tflite';
import { furtherRuntimes, suiteOptions, testedRuntimes } from './tested-runtimes.js';
import { streamOf, wakeWords, wakeWordSuite, withoutWakeWords } from './wake-words.js';

const context = runtimeContext(suiteOptions.registry);
const exact = [...testedRuntimes, ...furtherRuntimes].filter(({ tolerance }) => !tolerance);

if (wakeWords.length > 0 || process.env.CI === 'true')
  describe('streaming models for wake words', () => {
    it('are there', () => expect(wakeWords).toHaveLength(4));

    describeSuites([wakeWordSuite], exact, suiteOptions);

    it.each(wakeWords)('$name, as its file has it, is what TensorFlow Lite Micro runs', async ({ bytes }) => {
      const model = readTfliteModel(bytes);
      const cases = [{ model, inputs: streamOf(model, 50) }];
      const [expected] = await tflmRuntime.run(cases, { ...context, toTflite: () => Promise.resolve(bytes) });
      const [found] = await int8Runtime.run(cases, context);
      expect(found.outputs.map(([{ data }]) => [...data])).toEqual(
        expected.outputs.map(([{ data }]) => [...data]),
      );
    });

    it.each(wakeWords)('every value of $name is equal over a stream', async ({ bytes }) => {
      const model = exposeValues(readTfliteModel(bytes));
      const cases = [{ model, inputs: streamOf(model, 20) }];
      const [expected] = await tflmRuntime.run(cases, context);
      const [found] = await int8Runtime.run(cases, context);
      expect(found.outputs).toEqual(expected.outputs);
    });

    it.each(wakeWords)('$name is written as it is read', async ({ bytes }) => {
      const written = await emitTflite(readTfliteModel(bytes));
      const read = readTfliteModel(written);
      expect(read.states).toEqual(readTfliteModel(bytes).states);
      expect(await emitTflite(read)).toEqual(written);
    });
  });
else it('streaming models for wake words', ({ skip }) => skip(withoutWakeWords));
