import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostRuntime, wasmRuntime } from '@whittle/mcu';
import { int8Suites } from '@whittle/testkit';
import { emitTflite } from '@whittle/tflite';
import { installPacked } from './pack-packages.js';

const folder = await mkdtemp(join(tmpdir(), 'whittle-packed-'));
const app = join(folder, 'app');
const noHost = process.env.CI ? undefined : await hostRuntime.unavailable();
const noWasm = process.env.CI ? undefined : await wasmRuntime.unavailable();
let names: string[];

beforeAll(async () => {
  names = await installPacked(folder);
  const [{ model }] = int8Suites([1])
    .find(({ name }) => name === 'network')!
    .cases();
  await writeFile(join(app, 'network.tflite'), await emitTflite(model));
});

afterAll(() => rm(folder, { recursive: true }));

/** Runs plain Node in the folder of the installed packages: no loader, and none of this process's conditions. */
async function node(...args: readonly string[]): Promise<string> {
  return nodeWith({}, ...args);
}

async function nodeWith(changes: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<string> {
  const env = { ...process.env, NODE_OPTIONS: '', ...changes };
  return (await promisify(execFile)(process.execPath, args, { cwd: app, env })).stdout;
}

const command = () => join(app, 'node_modules', '@whittle', 'cli', 'bin', 'whittle.js');

function whittle(...args: readonly string[]): Promise<string> {
  return node(command(), ...args);
}

describe('packages installed from their tarballs', () => {
  it('can all be imported', async () => {
    const script = `for (const name of ${JSON.stringify(names)}) console.log(Object.keys(await import(name)).length > 0)`;
    expect(names).toContain('@whittle/mcu');
    expect(await node('--input-type=module', '--eval', script)).toBe('true\n'.repeat(names.length));
  });

  it('have neither tests nor fixtures', async () => {
    const files = await readdir(join(app, 'node_modules', '@whittle'), { recursive: true });
    expect(files.filter((file) => /\.(test|fixture)\./.test(file) && !file.includes('node_modules'))).toEqual(
      [],
    );
    expect(files).toContain(join('testkit', 'python', 'judge.py'));
  });

  it('bring a command that explains itself', async () => {
    expect(await whittle('--help')).toContain('inspect');
  });

  it('inspect a model', async () => {
    const report = JSON.parse(await whittle('inspect', 'network.tflite', '--json')) as object;
    expect(report).toMatchObject({ model: 'network.tflite' });
  });

  it('export .tflite and a C project with its kernels and board', async () => {
    await whittle('export', 'network.tflite', '--target', 'tflite', '--out', 'flat');
    expect(await readdir(join(app, 'flat'))).toEqual(['model.tflite']);
    await whittle('export', 'network.tflite', '--target', 'cortex-m4', '--out', 'project');
    const files = await readdir(join(app, 'project'), { recursive: true });
    for (const path of ['CMakeLists.txt', 'board/startup.c', 'kernels/whittle_conv_2d_s8_dsp.c'])
      expect(files).toContain(join(path));
  });

  it.skipIf(noHost !== undefined)(`run a model (${noHost ?? 'all there'})`, async () => {
    const out = await whittle(
      'run',
      'network.tflite',
      '--on',
      'int8,host',
      '--input',
      'sequence:3',
      '--json',
    );
    const { runs } = JSON.parse(out) as { runs: { runtime: string; outputCrc32: string }[] };
    expect(runs.map(({ runtime }) => runtime)).toEqual(['int8', 'host']);
    expect(runs[0].outputCrc32).toBe(runs[1].outputCrc32);
  });

  it.skipIf(noWasm !== undefined)(`run a model without any compiler (${noWasm ?? 'all there'})`, async () => {
    const args = ['run', 'network.tflite', '--on', 'int8,wasm', '--input', 'sequence:3', '--json'];
    const out = await nodeWith({ PATH: app }, command(), ...args);
    const { runs } = JSON.parse(out) as { runs: { runtime: string; outputCrc32: string }[] };
    expect(runs.map(({ runtime }) => runtime)).toEqual(['int8', 'wasm']);
    expect(runs[0].outputCrc32).toBe(runs[1].outputCrc32);
  });
});
