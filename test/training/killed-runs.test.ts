import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createRandom } from '@whittle/core';
import { tensorFlowUnavailable } from '@whittle/train';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const program = join(import.meta.dirname, 'train-to-be-killed.ts');
const missing = process.env.CI === 'true' ? undefined : await tensorFlowUnavailable();

/** How a process ended: the signal that killed it, or the digest of all that it trained. */
interface End {
  readonly signal: NodeJS.Signals | null;
  readonly digest: string;
}

/** Lets a process train; `onStart` gets a function that kills it. */
async function train(args: readonly string[], onStart?: (kill: () => void) => void): Promise<End> {
  const child = spawn(process.execPath, ['--conditions=@whittle/source', '--import=tsx', program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors = text(child.stderr);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    if (output === '' && part.startsWith('started')) onStart?.(() => child.kill('SIGKILL'));
    output += part;
  });
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.on('close', (...end) => resolve(end));
  });
  if (signal === null && code !== 0) throw new Error(await errors);
  return { signal, digest: output.trim().split('\n').at(-1) ?? '' };
}

describe.skipIf(missing)(`runs that are killed ${missing ?? ''}`, () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'whittle-killed-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test.each(['together', 'pipeline'])(
    '%s: killed at any moment, and while a checkpoint is written, a run ends with the same bits',
    { timeout: 300_000 },
    async (run) => {
      const whole = await train([run, join(folder, 'whole')]);
      expect(whole.digest).toMatch(/^[0-9a-f]{64}$/);

      const delays = createRandom(1).at(run);
      let kills = 0;
      // While a checkpoint is written.
      for (const write of [1, 3]) {
        expect((await train([run, folder, String(write)])).signal).toBe('SIGKILL');
        expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toHaveLength(1);
        kills++;
      }
      // As soon as a file appears or changes its name.
      const end = await train([run, folder], (kill) => {
        const watcher = watch(folder, () => {
          kill();
          watcher.close();
        });
      });
      if (end.signal !== null) kills++;
      // At random moments, until it ends before.
      let last = end;
      for (let i = 0; last.signal !== null || i === 0; i++) {
        const delay = i < 3 ? 20 + delays.float() * 400 : undefined;
        last = await train([run, folder], (kill) => {
          if (delay !== undefined) setTimeout(kill, delay);
        });
        if (last.signal !== null) kills++;
      }
      expect(kills).toBeGreaterThanOrEqual(4);
      expect(last.digest).toBe(whole.digest);
      expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
    },
  );
});
