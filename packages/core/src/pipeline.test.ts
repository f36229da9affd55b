import { expect, test } from 'vitest';
import { z } from 'zod';
import { ModelBuilder } from './builder.js';
import { definePass } from './pass.js';
import type { Pass } from './pass.js';
import { ensure, repeat, runPipeline, sequence } from './pipeline.js';
import { definePlugin } from './plugin.js';
import { relu } from './ops/index.js';
import { patch } from './patch.js';
import type { Property } from './property.js';

const calibrated: Property = { name: 'calibrated', args: {}, dependsOn: ['weights'] };
const named: Property = {
  name: 'renamed',
  args: {},
  dependsOn: ['structure'],
  check: (model) => (model.name === 'renamed' ? undefined : { message: `its name is '${model.name}'` }),
};

function model() {
  const b = new ModelBuilder('m');
  b.output(b.node('y', relu, {}, [b.input('x', ['batch', 2])]));
  return b.finish();
}

const calibrate = definePass({
  name: 'test/calibrate',
  description: 'Calibrates',
  options: z.object({}).prefault({}),
  changes: [],
  establishes: () => [calibrated],
  run: (m) => m,
});
const rename = definePass({
  name: 'test/rename',
  description: 'Renames',
  options: z.object({ name: z.string() }).prefault({ name: 'renamed' }),
  changes: ['weights'],
  run: (m, _, { name }) => (m.name === name ? m : patch(m, (edit) => edit.setName(name))),
});
const needs = (property: Property): Pass => ({
  name: 'test/needs',
  changes: [],
  requires: [property],
  run: (m) => m,
});
const code = (expected: string) => expect.objectContaining({ code: expected });

test('a list that cannot work is refused before anything runs, and says what would help', async () => {
  let ran = false;
  const first: Pass = { name: 'test/first', changes: [], run: (m) => ((ran = true), m) };
  const plugins = [definePlugin({ name: 'test', passes: [calibrate] })];
  const error = await runPipeline(model(), [first, needs(calibrated)], { plugins }).catch((e: unknown) => e);
  expect(error).toMatchObject({ code: 'PIPELINE_ORDER', message: expect.stringContaining('test/calibrate') });
  expect(ran).toBe(false);
  await expect(runPipeline(model(), [needs(calibrated), calibrate()])).rejects.toThrowError(
    code('PIPELINE_ORDER'),
  );
});

test('a claim ends when a pass changes what it depends on', async () => {
  await expect(runPipeline(model(), [calibrate(), rename(), needs(calibrated)])).rejects.toThrowError(
    code('PIPELINE_ORDER'),
  );
  const { properties } = await runPipeline(model(), [calibrate(), needs(calibrated)]);
  expect(properties).toEqual([calibrated]);
  const preserving: Pass = { ...rename(), preserves: [calibrated] };
  expect((await runPipeline(model(), [calibrate(), preserving, needs(calibrated)])).properties).toEqual([
    calibrated,
  ]);
});

test('ensure holds a property that can be checked, and fails where it does not', async () => {
  await runPipeline(model(), [rename(), ensure(named)]);
  await expect(runPipeline(model(), [rename({ name: 'other' }), ensure(named)])).rejects.toThrowError(
    code('PROPERTY_BROKEN'),
  );
  await expect(
    runPipeline(model(), [{ ...rename({ name: 'other' }), establishes: [named] }]),
  ).rejects.toThrowError(code('PROPERTY_BROKEN'));
});

test('unchanged models are the same object, and the report says so', async () => {
  const m = model();
  const { model: result, passes } = await runPipeline(m, [calibrate(), rename({ name: 'm' })]);
  expect(result).toBe(m);
  expect(passes.map((p) => p.changed)).toEqual([false, false]);
});

test('anything else that a pass throws is wrapped once, with its cause', async () => {
  const cause = new TypeError('boom');
  const bad: Pass = {
    name: 'test/bad',
    changes: [],
    run: () => {
      throw cause;
    },
  };
  await expect(runPipeline(model(), [calibrate(), bad])).rejects.toMatchObject({
    code: 'PASS_FAILED',
    pass: 'test/bad',
    cause,
    message: expect.stringContaining('after test/calibrate'),
  });
});

test('a model that a pass broke is refused, with the name of the pass', async () => {
  const bad: Pass = {
    name: 'test/bad',
    changes: ['structure'],
    run: (m) => ({ ...m, outputs: [{ id: 'nowhere' }] }),
  };
  await expect(runPipeline(model(), [bad])).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    pass: 'test/bad',
    message: expect.stringContaining('nowhere'),
  });
});

test('sequence and repeat are passes', async () => {
  const grow: Pass = {
    name: 'test/grow',
    changes: [],
    run: (m) => patch(m, (edit) => edit.setName(`${m.name}+`)),
  };
  const both = sequence('test/both', [grow, calibrate()]);
  expect(both.establishes).toEqual([calibrated]);
  const { model: result } = await runPipeline(model(), [
    both,
    repeat(grow, { until: (m) => m.name.length >= 5 }),
  ]);
  expect(result.name).toBe('m++++');
});

test('options are checked when the pass is made', () => {
  expect(() => rename({ name: 3 as never })).toThrowError(
    expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining("'name'") }),
  );
});

test('what is no list of passes is refused', async () => {
  await expect(runPipeline(model(), calibrate() as never)).rejects.toThrowError(code('OPTION_INVALID'));
  await expect(runPipeline(model(), [calibrate as never])).rejects.toThrowError(code('OPTION_INVALID'));
});

test('an aborted run stops between passes', async () => {
  const stop = new AbortController();
  const abort: Pass = { name: 'test/abort', changes: [], run: (m) => (stop.abort(), m) };
  await expect(runPipeline(model(), [abort, calibrate()], { signal: stop.signal })).rejects.toThrowError(
    code('ABORTED'),
  );
});
