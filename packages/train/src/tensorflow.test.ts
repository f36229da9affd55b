import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { kernelModulePath } from './wasm/kernel-module.js';

const index = JSON.stringify(fileURLToPath(new URL('./index.ts', import.meta.url)));
const built = process.env.CI === 'true' || existsSync(kernelModulePath);

/** Runs a program in which some packages can't be found, as where they were never installed. */
async function withoutPackages(missing: readonly string[], body: string, told?: string) {
  const program = `
    import { Module } from 'node:module';
    const resolve = Module._resolveFilename;
    const missing = ${JSON.stringify(missing)};
    Module._resolveFilename = (request, ...rest) => {
      if (missing.includes(request)) throw new Error("Cannot find module '" + request + "'");
      return resolve(request, ...rest);
    };
    const { fastestEvaluator, fit, loadTensorFlow, tensorFlowUnavailable } = await import(${index});
    ${body}
  `;
  const { WHITTLE_TENSORFLOW: _, ...env } = process.env;
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@whittle/source', '--import=tsx', '--input-type=module', '--eval', program],
    { env: { ...env, ...(told !== undefined && { WHITTLE_TENSORFLOW: told }) } },
  );
  return { result: JSON.parse(stdout) as unknown[], stderr };
}

const state = `
  const error = await loadTensorFlow().catch((e) => e);
  const evaluator = (await fastestEvaluator()).name;
  console.log(JSON.stringify([error.code, error.message, evaluator, await tensorFlowUnavailable()]));
`;

describe.skipIf(!built)('without native TensorFlow', () => {
  test('WebAssembly computes, and says once that it is the slower path', async () => {
    const { result, stderr } = await withoutPackages(
      ['@tensorflow/tfjs-node'],
      `
      const before = process.listenerCount('unhandledRejection');
      const tf = await loadTensorFlow();
      await loadTensorFlow({ backend: 'wasm' });
      const refused = await loadTensorFlow({ backend: 'native' }).catch((e) => e.code);
      const reason = await tensorFlowUnavailable();
      const evaluator = (await fastestEvaluator()).name;
      const listeners = process.listenerCount('unhandledRejection') - before;
      console.log(JSON.stringify([tf.getBackend(), refused, reason, evaluator, listeners]));
    `,
    );
    expect(result).toEqual(['wasm', 'OPTION_INVALID', expect.stringMatching(/doesn't load/), 'tfjs', 0]);
    expect(stderr.match(/WHITTLE_WASM/g)).toHaveLength(1);
    expect(stderr).toMatch(/Cannot find module '@tensorflow\/tfjs-node'.*the slower path.*Install/);
  });

  test('who asks for WebAssembly is not warned', async () => {
    const { result, stderr } = await withoutPackages(
      ['@tensorflow/tfjs-node'],
      'console.log(JSON.stringify([(await loadTensorFlow()).getBackend()]));',
      'wasm',
    );
    expect(result).toEqual(['wasm']);
    expect(stderr).not.toMatch(/WHITTLE_WASM/);
  });
});

test('who asks for native TensorFlow gets nothing else', async () => {
  const { result } = await withoutPackages(['@tensorflow/tfjs-node'], state, 'native');
  expect(result).toEqual([
    'TARGET_UNAVAILABLE',
    expect.stringMatching(/native TensorFlow.*Cannot find module '@tensorflow\/tfjs-node'/),
    'interpreter',
    result[1],
  ]);
});

test('where nothing can be loaded there is an error with both reasons, and the interpreter to evaluate with', async () => {
  const missing = ['@tensorflow/tfjs-node', '@tensorflow/tfjs-backend-wasm'];
  const { result } = await withoutPackages(missing, state);
  expect(result).toEqual([
    'TARGET_UNAVAILABLE',
    expect.stringMatching(
      /tfjs-node'; nor does WebAssembly: Cannot find module '@tensorflow\/tfjs-backend-wasm'/,
    ),
    'interpreter',
    expect.stringMatching(/tfjs-node'$/),
  ]);
});

test('a backend that there is not is refused', async () => {
  const { result } = await withoutPackages([], state.replace('(await fastestEvaluator()).name', '0'), 'gpu');
  expect(result.slice(0, 2)).toEqual([
    'OPTION_INVALID',
    "WHITTLE_TENSORFLOW must be native or wasm, found 'gpu'",
  ]);
});
