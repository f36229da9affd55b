import { expect, it } from 'vitest';
import { WhittleError } from '@whittle/core';
import { errorTrace } from './error-trace.js';
import { runToExit } from './run-to-exit.js';
import { PassThrough } from 'node:stream';

const first = new RangeError('out of bounds');
const second = new WhittleError('FORMAT_INVALID', 'damaged', { cause: first });

it('shows each cause with its stack, down to the first', () => {
  const trace = errorTrace(new WhittleError('FORMAT_INVALID', 'model.onnx: damaged', { cause: second }));
  expect(trace).toMatch(/^WhittleError: model\.onnx: damaged\n\s+at /);
  expect(trace).toMatch(
    /\ncaused by: WhittleError: damaged\n\s+at [^]*\ncaused by: RangeError: out of bounds\n\s+at /,
  );
});

it('shows several problems, and ends where causes go in a circle', () => {
  const problems = [second, new WhittleError('OP_UNSUPPORTED', 'no op')];
  const trace = errorTrace(new WhittleError('FORMAT_INVALID', '2 problems', { problems, cause: 'text' }));
  expect(trace).toMatch(/problem 1 of 2: WhittleError: damaged[^]*caused by: RangeError[^]*problem 2 of 2: /);
  expect(trace).toMatch(/\ncaused by: text$/);
  const around: { cause?: unknown } & Error = new Error('around');
  around.cause = around;
  expect(errorTrace(around)).not.toContain('caused by');
});

it.each([true, false])('with --debug only: %s', async (debug) => {
  const err = new PassThrough();
  const exit = await runToExit(() => Promise.reject(second), { err, debug });
  expect(exit).toBe(1);
  const text = String(err.read());
  expect(text).toContain('error FORMAT_INVALID: damaged\n');
  expect(text.includes('caused by: RangeError: out of bounds')).toBe(debug);
});
