import { createRegistry, verify } from '@whittle/core';
import { int8Plugin, int8Runtime } from '@whittle/int8';
import { expect, test } from 'vitest';
import { gatherCases } from './gather-cases.js';
import { runtimeContext } from './runtime-context.js';
import { int16OpSuites, int8OpSuites } from './suites/index.js';

test('gathered cases compute what they did alone', async () => {
  const context = runtimeContext(createRegistry([int8Plugin]));
  const suites = [...int8OpSuites([3, 4]), ...int16OpSuites([3])];
  const alone = suites.flatMap((suite) => suite.cases().map((each) => ({ suite, ...each })));
  const gathered = gatherCases(suites, 7).cases();
  expect(gathered.length).toBeLessThan(alone.length / 5);

  const found = new Map<string, unknown>();
  for (const { model, inputs } of gathered) {
    verify(model);
    const [{ outputs }] = await int8Runtime.run([{ model, inputs }], context);
    model.outputs.forEach(({ id }, i) =>
      found.set(
        id,
        outputs.map((each) => each[i]),
      ),
    );
  }
  expect(alone.every(({ tolerance }) => tolerance === 'exact')).toBe(true);
  const results = await int8Runtime.run(alone, context);
  for (const [k, { suite, name, model }] of alone.entries())
    model.outputs.forEach(({ id }, i) => {
      const values = results[k].outputs.map((each) => each[i]);
      expect(found.get(`${suite.name} ${name}/${id}`), `${suite.name} ${name}`).toEqual(values);
    });
});
