import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tensorFlowUnavailable } from '@whittle/train';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const run = promisify(execFile);
const missing = process.env.CI ? undefined : await tensorFlowUnavailable();

interface Report {
  readonly stages: readonly {
    stage: string;
    accuracy: number;
    parameters: number;
    macs: number;
    bytes: number;
  }[];
  readonly scores: readonly {
    runtime: string;
    accuracy: number;
    exact: boolean;
    agreement: number;
    cost?: object;
  }[];
  readonly missing: readonly { runtime: string; reason: string }[];
}

/** The main job, as `npm run quickstart` does it. */
async function quickstart(out: string, ...options: string[]): Promise<string> {
  const script = [
    join(root, 'node_modules/tsx/dist/cli.mjs'),
    '--conditions=@whittle/source',
    'examples/quickstart/index.ts',
  ];
  const { stdout } = await run(process.execPath, [...script, '--out', out, ...options], { cwd: root });
  return stdout;
}

describe.skipIf(missing)(`the quickstart meets its bars${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let folder: string;
  let printed: string;
  let report: Report;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'whittle-quickstart-'));
    printed = await quickstart(folder);
    report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as Report;
  }, 900_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const stage = (name: string) => report.stages.find((s) => s.stage.startsWith(name))!;

  test('the dense network is accurate, and the small one nearly as much', () => {
    expect(stage('dense').accuracy).toBeGreaterThanOrEqual(0.98);
    expect(stage('int8').accuracy).toBeGreaterThanOrEqual(stage('dense').accuracy - 0.007);
  });

  test('the small network is small', async () => {
    expect(stage('int8').macs).toBeLessThanOrEqual(stage('dense').macs / 4);
    const { size } = await stat(join(folder, 'digits.tflite'));
    expect(size).toBe(stage('int8').bytes);
    expect(size).toBeLessThanOrEqual(0.1 * 4 * stage('dense').parameters);
  });

  test('every runtime agrees on every digit', () => {
    if (process.env.CI) expect(report.missing).toEqual([]);
    for (const { runtime, exact, agreement } of report.scores)
      if (runtime === 'litert') expect(agreement).toBeGreaterThanOrEqual(0.99);
      else expect({ runtime, exact }).toEqual({ runtime, exact: true });
    const board = report.scores.find((score) => score.runtime === 'cortex-m4');
    if (board)
      expect(board.cost).toMatchObject({ instructions: expect.any(Number), stackBytes: expect.any(Number) });
  });

  test('the same seed prints the same', async () => {
    expect((await quickstart(folder)).replaceAll(folder, '')).toBe(printed.replaceAll(folder, ''));
  }, 900_000);
});

test('a seed that is no number is refused, and nothing is written', async () => {
  const folder = join(tmpdir(), 'whittle-quickstart-none');
  await expect(quickstart(folder, '--seed', 'one')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('OPTION_INVALID'),
  });
  await expect(stat(folder)).rejects.toMatchObject({ code: 'ENOENT' });
});
