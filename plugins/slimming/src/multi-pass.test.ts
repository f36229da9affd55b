import { describe, expect, test } from 'vitest';
import { channelGroups, modelCost, runPipeline, tensorsEqual } from '@whittle/core';
import type { Model, Pass } from '@whittle/core';
import { accuracy, constant, sgd, tensorFlowUnavailable, train } from '@whittle/train';
import { digits, smallNet } from './digits.fixture.js';
import { multiPass } from './multi-pass.js';
import type { RoundReport, RoundState } from './multi-pass.js';
import { pruneChannels } from './prune-channels.js';
import { trainSparse } from './train-sparse.js';

const missing = await tensorFlowUnavailable();

const learningRate = constant(0.05);
const steps = {
  train: trainSparse({ data: digits.data, epochs: 1, learningRate, lambda: 1e-3 }),
  prune: pruneChannels({ ratio: 0.3, cap: 0.5, absorb: 'bias' }),
};
const channelsOf = (model: Model) =>
  channelGroups(model).groups.reduce((sum, { channels }) => sum + channels.length, 0);

async function run(options: Partial<Parameters<typeof multiPass>[0]>) {
  const { model, passes } = await runPipeline(smallNet(), [multiPass({ ...steps, ...options })], { seed: 2 });
  return { model, report: passes[0].report as unknown as { rounds: RoundReport[]; dense?: number } };
}

describe.skipIf(missing)(`multi-pass ${missing ?? ''}`, () => {
  test('prunes more in each round, with the dense model at hand as a teacher', async () => {
    const states: RoundState[] = [];
    const fineTune = (state: RoundState): Pass => {
      states.push(state);
      return train({ data: digits.data, epochs: 1, optimizer: sgd(), learningRate });
    };
    const { model, report } = await run({ fineTune, rounds: 3 });
    expect(report.rounds.map(({ round, kept }) => [round, kept])).toEqual([
      [1, true],
      [2, true],
      [3, true],
    ]);
    const macs = report.rounds.map((each) => each.macs);
    expect(macs[1]).toBeLessThan(macs[0]);
    expect(macs[2]).toBeLessThan(macs[1]);
    expect(modelCost(model).macs).toBe(macs[2]);
    expect(channelsOf(model)).toBeLessThan(0.5 * channelsOf(smallNet()));
    expect(states.map(({ dense }) => dense)).toEqual([states[0].dense, states[0].dense, states[0].dense]);
    expect(states[0].dense).toBe(states[0].unpruned);
    expect(modelCost(states[2].unpruned).macs).toBe(macs[1]);
  });

  test('the last good model comes back where the metric falls too far', async () => {
    const harmful = ({ round }: RoundState) =>
      pruneChannels({ ratio: round === 1 ? 0.1 : 1, absorb: 'none' });
    const stop = { data: digits.validation, metric: accuracy(), drop: 0.3 };
    const long = trainSparse({ data: digits.data, epochs: 6, learningRate, lambda: 1e-4 });
    const { model, report } = await run({
      train: ({ round }) => (round === 1 ? long : steps.train),
      prune: harmful,
      stop,
    });
    expect(report.rounds.map(({ kept }) => kept)).toEqual([true, false]);
    expect(modelCost(model).macs).toBe(report.rounds[0].macs);
    expect(report.dense! - report.rounds[1].metric!).toBeGreaterThan(0.3);
    const first = await run({ train: long, prune: pruneChannels({ ratio: 1, absorb: 'none' }), stop });
    expect(first.report.rounds.map(({ kept }) => kept)).toEqual([false]);
    expect(modelCost(first.model)).toEqual(modelCost(smallNet()));
  });

  test('is the same for one seed', async () => {
    const [a, b] = [await run({ rounds: 2 }), await run({ rounds: 2 })];
    for (const [id, { tensor }] of a.model.parameters)
      expect(tensorsEqual(tensor, b.model.parameters.get(id)!.tensor)).toBe(true);
  });
});

test('ends where nothing goes any more', async () => {
  const { report, model } = await run({
    train: undefined,
    prune: pruneChannels({ ratio: 0.5, cap: 0 }),
    rounds: 5,
  });
  expect(report.rounds.length).toBe(1);
  expect(channelsOf(model)).toBe(channelsOf(smallNet()));
});

test.each([{ rounds: 0 }, { prune: undefined }, { stop: { data: digits.data } }, { train: {} }])(
  'options %j are refused',
  (options) => {
    expect(() => multiPass({ ...steps, ...options } as never)).toThrowError(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  },
);
