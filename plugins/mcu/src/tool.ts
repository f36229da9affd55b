import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { WhittleError } from '@whittle/core';

export interface ToolOptions {
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** Where the program comes from, for the message if it is missing. */
  readonly hint?: string;
}

/**
 * Runs a program to its end and returns its standard output. Where it is stopped, so is everything that it started: a
 * compiler's driver leaves the compiler itself at work otherwise. Its temporary files are in `cwd`.
 * @throws TARGET_UNAVAILABLE where there is no such program, TOOLCHAIN_FAILED with the end of its output, ABORTED
 */
export async function runTool(
  command: string,
  args: readonly string[],
  { cwd, signal, timeoutMs = 600_000, hint }: ToolOptions = {},
): Promise<string> {
  if (signal?.aborted) throw new WhittleError('ABORTED', `${command} was not started`);
  const env = cwd === undefined ? process.env : { ...process.env, TMPDIR: cwd };
  // A process group of its own, except where there are none.
  const child = spawn(command, args, {
    cwd,
    env,
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const kill = () => killGroup(child);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    kill();
  }, timeoutMs);
  signal?.addEventListener('abort', kill);
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  output.catch(() => {}); // of a program that didn't start: `close` tells
  try {
    // Comes when nothing that the program started holds its output any more.
    const [code, by] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    if (signal?.aborted) throw new WhittleError('ABORTED', `${command} was stopped`);
    const [out, err] = await output;
    if (code === 0) return out;
    const how = late ? `did not end within ${timeoutMs / 1000} s` : `failed with ${code ?? by}`;
    const said = `${err}${out}`.trim().slice(-4000);
    throw new WhittleError('TOOLCHAIN_FAILED', `${command} ${how}${said ? `:\n${said}` : ''}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new WhittleError('TARGET_UNAVAILABLE', missingTool(command, hint), { cause: error });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', kill);
    running.delete(child);
  }
}

/** Programs that end with this process. */
const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach(killGroup));

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    child.kill('SIGKILL');
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // already gone
  }
}

/** Why a program can't be run, or undefined where it is there. */
export async function whyToolMissing(command: string, hint: string): Promise<string | undefined> {
  try {
    await promisify(execFile)(command, ['--version']);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? missingTool(command, hint)
      : `${command} --version fails: ${(error as Error).message}`;
  }
}

function missingTool(command: string, hint: string | undefined): string {
  return `${command} is not installed${hint ? ` (${hint})` : ''}`;
}
