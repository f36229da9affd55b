import { describe, expect, it } from 'vitest';
import { createRegistry, WhittleError } from '@whittle/core';
import type { RunCase, RunResult, Runtime } from '@whittle/core';
import { int8Plugin, int8Runtime } from '@whittle/int8';
import { runSuites } from './run-suites.js';
import { int8OpSuites } from './suites/index.js';
import type { TestedRuntime } from './suite.js';

const suites = int8OpSuites([1, 2, 3]).filter(({ name }) => name === 'add' || name === 'softmax');
const options = { reference: int8Runtime, registry: createRegistry([int8Plugin]) };

/** The integer evaluation with a fault for some cases. */
function faulty(fault: (result: RunResult, runCase: RunCase) => RunResult): Runtime {
  return {
    ...int8Runtime,
    name: 'faulty',
    run: async (cases, context) =>
      (await int8Runtime.run(cases, context)).map((result, i) => fault(result, cases[i])),
  };
}

const offByOne = faulty(({ outputs }, { model }) => {
  const [[output]] = outputs;
  if (model.name === 'add') output.data[0] = Number(output.data[0]) ^ 1;
  return { outputs };
});

const refusing = faulty((result, { model }) => {
  if (model.name === 'add') throw new WhittleError('OP_UNSUPPORTED', 'no add here');
  return result;
});

async function outcomes(tested: TestedRuntime) {
  const [report] = await runSuites(suites, [tested], options);
  return report.results.map(({ suite, outcome }) => `${suite} ${outcome}`);
}

describe('runSuites', () => {
  it('passes a runtime that agrees', async () => {
    const [report] = await runSuites(suites, [{ runtime: int8Runtime }], options);
    expect(report.results).toHaveLength(6);
    expect(report.results.every(({ outcome }) => outcome === 'passed')).toBe(true);
    expect(report.results[0].case).toMatch(/^seed 1: /);
  });

  it('names the first element that differs, and takes it where the runtime has a tolerance', async () => {
    const [report] = await runSuites(suites, [{ runtime: offByOne }], options);
    const failed = report.results.filter(({ outcome }) => outcome === 'failed');
    expect(failed.map(({ suite }) => suite)).toEqual(['add', 'add', 'add']);
    expect(failed[0].message).toMatch(
      /^input 0, output 'output', element \[0.*\]: expected -?\d+, found -?\d+; 1 /,
    );
    expect(await outcomes({ runtime: offByOne, tolerance: () => 1 })).not.toContain('add failed');
  });

  it('finds the cases that fail among many that run at once', async () => {
    const [report] = await runSuites(suites, [{ runtime: refusing }], options);
    const failed = report.results.filter(({ outcome }) => outcome === 'failed');
    expect(failed.map(({ suite, message }) => `${suite} ${message}`)).toEqual(
      new Array(3).fill('add OP_UNSUPPORTED: no add here'),
    );
  });

  it('lets a known gap fail, and fails a known gap that passes', async () => {
    const gap = { suite: 'add', cases: /^seed [12]:/, reason: 'it cannot add' };
    expect((await outcomes({ runtime: refusing, knownGaps: [gap] })).slice(0, 3)).toEqual([
      'add gap',
      'add gap',
      'add failed',
    ]);
    expect((await outcomes({ runtime: int8Runtime, knownGaps: [gap] })).slice(0, 3)).toEqual([
      'add closed-gap',
      'add closed-gap',
      'add passed',
    ]);
  });

  it('says why a runtime is missing', async () => {
    const missing = { ...int8Runtime, name: 'missing', unavailable: () => Promise.resolve('no board') };
    const [report] = await runSuites(suites, [{ runtime: missing }], options);
    expect(report).toEqual({ runtime: 'missing', unavailable: 'no board', results: [] });
  });
});
