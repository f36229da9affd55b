import { describe, expect, it } from 'vitest';
import { createRandom, float32, interpret } from '@whittle/core';
import { runFile } from '@whittle/testkit';
import { readTfliteModel } from '@whittle/tflite';
import { corpus, withoutCorpus } from './corpus.js';

const missing = withoutCorpus();
if (missing && process.env.CI) throw new Error(missing);
const wakeWord = missing
  ? undefined
  : corpus().find(({ name, source }) => name === 'hey_jarvis.tflite' && source.startsWith('pyopen-wakeword'));

describe.skipIf(!wakeWord)('a wake word with a second stage, which runs where the first one is sure', () => {
  it('computes what LiteRT does, whichever branch is taken', async () => {
    const { bytes } = wakeWord!;
    const model = readTfliteModel(bytes);
    const choice = model.nodes.find(({ op }) => op.name === 'where')!;
    const [, second, first] = choice.inputs;
    const scores = (sound: Float32Array, ids = [first]) => {
      const values = interpret(model, new Map([[model.inputs[0].id, float32([1, 16, 96], sound)]]), ids);
      return ids.map((id) => Number(values.get(id)?.data[0]));
    };
    const draw = createRandom(3).at('sound');
    const silence = new Float32Array(16 * 96);
    let sound = silence;
    // Away from silence, where the first stage is less and less in doubt.
    for (let step = 0; step < 400 && scores(sound)[0] < 0.9; step++) {
      const other = sound.map((x) => x + 3 * draw.normal());
      if (scores(other)[0] > scores(sound)[0]) sound = other;
    }
    for (const [input, stage] of [
      [silence, first],
      [sound, second],
    ] as const) {
      const [result, ...stages] = scores(input, [choice.outputs[0], first, second]);
      expect(result).toBe(stages[stage === first ? 0 : 1]);
      expect(stages[0] >= 0.5).toBe(stage === second);
      expect(stages[0]).not.toBe(stages[1]);
      const [{ data }] = await runFile('litert', bytes, [float32([1, 16, 96], input)]);
      expect(Math.abs(Number(data[0]) - result)).toBeLessThan(1e-6);
    }
  }, 60_000);
});
