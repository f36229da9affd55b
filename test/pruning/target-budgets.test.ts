import { describe, expect, test } from 'vitest';
import { createRandom, createRegistry, float32, patch, runPipeline } from '@whittle/core';
import type { Model } from '@whittle/core';
import { int8Plugin } from '@whittle/int8';
import { arenaMeasure, cortexM4, cortexM4Runtime, latencyMeasure, mcu } from '@whittle/mcu';
import { quantizeStandIn } from '@whittle/quantization';
import { pruneChannels, scaleIds } from '@whittle/slimming';
import { digitsNet, preActivationResnet20 } from '@whittle/zoo';

const plugins = [int8Plugin, mcu];
const { lowerings } = createRegistry(plugins);
const options = { lowerings, quantize: (model: Model) => quantizeStandIn(model, { plugins }) };
const missing = await cortexM4Runtime.unavailable();

/** Scales all different, as training leaves them. */
function scaled(model: Model): Model {
  const draw = createRandom(6).at('scales');
  return patch(model, (edit) => {
    for (const id of scaleIds(model)) {
      const { shape, data } = model.parameters.get(id)!.tensor;
      edit.setParameter(id, {
        tensor: float32(
          shape,
          Float32Array.from(data as Float32Array, () => draw.float()),
        ),
      });
    }
  });
}

interface Budgeted {
  readonly budget: { before: number; after: number; limit: number; measurements: number };
}

describe('pruning to what a program takes on a target', () => {
  test('bytes of the arena, with whole groups and with channels selected', async () => {
    const networks = [
      { model: digitsNet({ width: 8 }), coupled: 'group' },
      { model: preActivationResnet20({ width: 8, input: [8, 8, 3] }), coupled: 'select' },
    ] as const;
    for (const { model, coupled } of networks) {
      const of = arenaMeasure(cortexM4, options);
      const prune = pruneChannels({ budget: { of, share: 0.8 }, multiple: 2, coupled });
      const { model: pruned, passes } = await runPipeline(scaled(model), [prune]);
      const { budget } = passes[0].report as unknown as Budgeted;
      expect(budget.after).toBeLessThanOrEqual(0.8 * budget.before);
      expect(await of.of(pruned)).toBe(budget.after);
      expect(budget.measurements).toBeLessThanOrEqual(12);
    }
  });

  test.skipIf(missing)(`estimated cycles ${missing ?? ''}`, async () => {
    const of = latencyMeasure(cortexM4, options);
    const budget = { of, share: 0.5, tolerance: 0.15 };
    const model = scaled(digitsNet({ width: 8 }));
    const { passes } = await runPipeline(model, [
      pruneChannels({ budget, multiple: cortexM4.channelMultiple }),
    ]);
    const found = (passes[0].report as unknown as Budgeted).budget;
    expect(found.after).toBeLessThanOrEqual(0.5 * found.before);
    expect(found.after).toBeGreaterThan(0.25 * found.before);
    expect(found.measurements).toBeLessThanOrEqual(8);
  });
});
