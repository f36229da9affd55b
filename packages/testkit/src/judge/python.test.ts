import { afterEach, expect, it, vi } from 'vitest';
import { tflmRuntime } from './tflm.js';
import { findPython } from './python.js';

afterEach(() => vi.unstubAllEnvs());

it('takes the Python that WHITTLE_PYTHON names', () => {
  vi.stubEnv('WHITTLE_PYTHON', process.execPath);
  expect(findPython()).toBe(process.execPath);
});

it('says why there is none', async () => {
  vi.stubEnv('WHITTLE_PYTHON', '/nowhere/python');
  expect(findPython()).toBeUndefined();
  expect(await tflmRuntime.unavailable()).toBe("WHITTLE_PYTHON names /nowhere/python, which doesn't exist");
});
