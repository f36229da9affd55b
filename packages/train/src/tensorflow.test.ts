import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('without native TensorFlow there is an error with a code, and the interpreter to evaluate with', async () => {
  const index = fileURLToPath(new URL('./index.ts', import.meta.url));
  // A program in which the binding can't be found, as where it was never built.
  const program = `
    import { Module } from 'node:module';
    const resolve = Module._resolveFilename;
    Module._resolveFilename = (request, ...rest) => {
      if (request === '@tensorflow/tfjs-node') throw new Error("Cannot find module '" + request + "'");
      return resolve(request, ...rest);
    };
    const { fastestEvaluator, loadTensorFlow, tensorFlowUnavailable } = await import(${JSON.stringify(index)});
    const error = await loadTensorFlow().catch((e) => e);
    console.log(JSON.stringify([error.code, error.message, (await fastestEvaluator()).name, await tensorFlowUnavailable()]));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--conditions=@whittle/source',
    '--import=tsx',
    '--input-type=module',
    '--eval',
    program,
  ]);
  const [code, message, evaluator, reason] = JSON.parse(stdout) as string[];
  expect(code).toBe('TARGET_UNAVAILABLE');
  expect(message).toMatch(/training needs native TensorFlow.*Cannot find module '@tensorflow\/tfjs-node'/);
  expect(evaluator).toBe('interpreter');
  expect(reason).toBe(message);
});
