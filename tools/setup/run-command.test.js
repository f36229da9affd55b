import { describe, expect, it } from 'vitest';

import { isRunning, processIdentity } from './process-identity.js';
import { reasonFor, runCommand } from './run-command.js';

describe('runCommand', () => {
  it('keeps what the command prints, and its exit code', async () => {
    const result = await runCommand('sh', ['-c', 'echo out; echo err >&2; exit 3']);
    expect(result).toMatchObject({ ok: false, code: 3, timedOut: false });
    expect(result.output.split('\n').sort()).toEqual(['', 'err', 'out']);
  });

  it('passes text to the command', async () => {
    expect((await runCommand('cat', [], { input: 'ä\n' })).output).toBe('ä\n');
  });

  it('ends a whole family of processes when time is up', async () => {
    const result = await runCommand('sh', ['-c', 'sleep 60 & echo $!; wait'], { timeoutMs: 300 });
    expect(result).toMatchObject({ ok: false, timedOut: true });
    const grandchild = Number.parseInt(result.output, 10);
    for (let tries = 0; tries < 50 && processIdentity(grandchild) !== undefined; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(isRunning(processIdentity(grandchild) ?? '')).toBe(false);
    expect(reasonFor('sleeping', result)).toBe('sleeping took too long and was stopped');
  });

  it('reports a command that is not there', async () => {
    const result = await runCommand('whittle-no-such-command', []);
    expect(result).toMatchObject({ ok: false, code: 127 });
    expect(reasonFor('it', result)).toContain('could not start');
  });
});

describe('reasonFor', () => {
  const failed = (output) => ({ ok: false, code: 1, timedOut: false, output });

  it.each([
    ['npm error code ENOTFOUND\nnpm error network request failed', 'its server could not be reached'],
    [
      "W: Failed to fetch ... Temporary failure resolving 'mirror.example'",
      'its server could not be reached',
    ],
    [
      'WARNING: Retrying after NewConnectionError: Failed to establish a new connection',
      'its server could not be reached',
    ],
    ["OSError: [Errno 28] No space left on device: 'x'", 'the disk is full'],
    ['compiling\nfile.cc:3: error: no such type\n1 error generated.\n', '1 error generated.'],
    ['', 'it said nothing'],
  ])('makes a sentence of %j', (output, sentence) => {
    expect(reasonFor('it', failed(output))).toContain(sentence);
  });
});
