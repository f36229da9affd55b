import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { runTool } from './tool.js';

const folder = mkdtempSync(join(tmpdir(), 'whittle-tool-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program that starts another and waits for it, as a compiler's driver does; the other's number is in `file`. */
const driver = (file: string) => ['-c', `sleep 600 & echo $! > ${file}; wait`];

const numberIn = (file: string) => Number(readFileSync(join(folder, file), 'utf8'));

/** A process that nobody has waited for yet counts as ended. */
function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('a program', () => {
  it('gives its standard output, and finds its temporary files in its folder', async () => {
    expect(await runTool('sh', ['-c', 'echo $TMPDIR'], { cwd: folder })).toBe(`${folder}\n`);
  });

  it('tells how it failed and what it said', async () => {
    const failing = runTool('sh', ['-c', 'echo why >&2; exit 3']);
    await expect(failing).rejects.toMatchObject({
      code: 'TOOLCHAIN_FAILED',
      message: 'sh failed with 3:\nwhy',
    });
  });

  it('is missing with a hint', async () => {
    const missing = runTool('no-such-compiler', [], { hint: 'get it there' });
    await expect(missing).rejects.toMatchObject({
      code: 'TARGET_UNAVAILABLE',
      message: 'no-such-compiler is not installed (get it there)',
    });
  });

  it('is stopped with all that it started', async () => {
    const controller = new AbortController();
    const stopped = runTool('sh', driver('stopped'), { cwd: folder, signal: controller.signal });
    const pid = await vi.waitFor(() => {
      const found = numberIn('stopped');
      expect(found).toBeGreaterThan(0);
      return found;
    });
    expect(isRunning(pid)).toBe(true);
    controller.abort();
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false));
    const late = runTool('sh', driver('late'), { cwd: folder, signal: controller.signal });
    await expect(late).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('that takes too long is stopped with all that it started', async () => {
    const slow = runTool('sh', driver('slow'), { cwd: folder, timeoutMs: 300 });
    await expect(slow).rejects.toMatchObject({
      code: 'TOOLCHAIN_FAILED',
      message: 'sh did not end within 0.3 s',
    });
    await vi.waitFor(() => expect(isRunning(numberIn('slow'))).toBe(false));
  });
});
