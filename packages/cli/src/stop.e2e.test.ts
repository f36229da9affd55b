import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { cortexM4Runtime } from '@whittle/mcu';
import { tflmRuntime } from '@whittle/testkit';
import { startWhittle, temporaryFolder, writeTflite } from './whittle.fixture.js';

/** Where the commands put their temporary folders. */
const temporary = mkdtempSync(join(tmpdir(), 'whittle-stop-test-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

const leftovers = () => readdirSync(temporary).filter((name) => name.startsWith('whittle-'));

/** Stops a command soon after it has said that it begins. */
async function stopped(signal: NodeJS.Signals, args: readonly string[], afterMs: number) {
  const { child, ended } = startWhittle(args, { ...process.env, TMPDIR: temporary });
  await once(child.stderr, 'data');
  await sleep(afterMs);
  expect(child.exitCode).toBeNull();
  child.kill(signal);
  return ended;
}

describe('a signal', () => {
  it.for([
    ['int8', undefined],
    ['tflm', tflmRuntime],
    ['cortex-m4', cortexM4Runtime],
  ] as const)('stops a run on %s', async ([name, runtime], { skip }) => {
    const reason = await runtime?.unavailable();
    if (reason !== undefined && process.env.CI !== 'true') skip(reason);
    const path = await writeTflite(temporaryFolder());
    const args = ['run', path, '--on', name, '--input', 'sequence:900000', '--json'];
    const ended = await stopped('SIGINT', args, 200);
    expect(ended.code).toBe(130);
    expect(JSON.parse(ended.out)).toMatchObject({ error: { code: 'ABORTED' } });
    expect(ended.err).toMatch(/^error ABORTED: /m);
    expect(leftovers()).toEqual([]);
  });

  it('stops an export without a trace', async ({ skip }) => {
    // Sizes are measured with the target's compiler, which takes a while; without it the export is over at once.
    const reason = await cortexM4Runtime.unavailable();
    if (reason !== undefined && process.env.CI !== 'true') skip(reason);
    const folder = temporaryFolder();
    const path = await writeTflite(folder);
    const out = join(folder, 'out');
    const args = ['export', path, '--target', 'cortex-m4', '--out', out];
    const { code } = await stopped('SIGTERM', args, 0);
    expect(code).toBe(143);
    expect(readdirSync(folder)).toEqual(['network.tflite']);
    expect(leftovers()).toEqual([]);
  });
});
