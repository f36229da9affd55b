import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { cortexM4Runtime } from '@whittle/mcu';
import { tflmRuntime } from '@whittle/testkit';
import { startWhittle, temporaryFolder, writeTflite } from './whittle.fixture.js';

/** Stops a command soon after it has said that it begins. */
async function stopped(signal: NodeJS.Signals, args: readonly string[]) {
  const { child, ended } = startWhittle(args);
  await once(child.stderr, 'data');
  await sleep(200);
  expect(child.exitCode).toBeNull();
  child.kill(signal);
  return ended;
}

const leftovers = () => readdirSync(tmpdir()).filter((name) => /^whittle-(mcu|judge)-/.test(name));

describe('a signal', () => {
  it.for([
    ['int8', undefined],
    ['tflm', tflmRuntime],
    ['cortex-m4', cortexM4Runtime],
  ] as const)('stops a run on %s', async ([name, runtime], { skip }) => {
    const reason = await runtime?.unavailable();
    if (reason !== undefined && process.env.CI !== 'true') skip(reason);
    const path = await writeTflite(temporaryFolder());
    const ended = await stopped('SIGINT', [
      'run',
      path,
      '--on',
      name,
      '--input',
      'sequence:900000',
      '--json',
    ]);
    expect(ended).toMatchObject({ code: 130, out: '' });
    expect(ended.err).toMatch(/^error ABORTED: /m);
  });

  it('leaves no temporary folder', () => {
    expect(leftovers()).toEqual([]);
  });

  it('stops an export without a trace', async () => {
    const folder = temporaryFolder();
    const path = await writeTflite(folder);
    const args = ['export', path, '--target', 'cortex-m4', '--out', join(folder, 'out')];
    const { code } = await stopped('SIGTERM', args);
    // Where it was quick enough it has written everything.
    expect([0, 143]).toContain(code);
    expect(readdirSync(folder).sort()).toEqual(code === 0 ? ['network.tflite', 'out'] : ['network.tflite']);
  });
});
