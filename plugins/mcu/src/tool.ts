import { execFile } from 'node:child_process';
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
 * Runs a program to its end and returns its standard output.
 * @throws TARGET_UNAVAILABLE where there is no such program, TOOLCHAIN_FAILED with the end of its output, ABORTED
 */
export async function runTool(
  command: string,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<string> {
  const { cwd, signal, timeoutMs = 600_000, hint } = options;
  try {
    const { stdout } = await promisify(execFile)(command, args, {
      cwd,
      signal,
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: 64 * 2 ** 20,
    });
    return stdout;
  } catch (error) {
    throw toolError(command, error as ToolFailure, timeoutMs, hint);
  }
}

interface ToolFailure extends Error {
  readonly code?: string | number;
  readonly killed?: boolean;
  readonly stdout?: string;
  readonly stderr?: string;
}

function toolError(command: string, error: ToolFailure, timeoutMs: number, hint?: string): WhittleError {
  if (error.name === 'AbortError')
    return new WhittleError('ABORTED', `${command} was stopped`, { cause: error });
  if (error.code === 'ENOENT') return new WhittleError('TARGET_UNAVAILABLE', missingTool(command, hint));
  const said = `${error.stderr ?? ''}${error.stdout ?? ''}`.trim().slice(-4000);
  const how = error.killed ? `did not end within ${timeoutMs / 1000} s` : `failed with ${error.code}`;
  return new WhittleError('TOOLCHAIN_FAILED', `${command} ${how}${said ? `:\n${said}` : ''}`, {
    cause: error,
  });
}

/** Why a program can't be run, or undefined where it is there. */
export async function whyToolMissing(command: string, hint: string): Promise<string | undefined> {
  try {
    await promisify(execFile)(command, ['--version']);
    return undefined;
  } catch (error) {
    return (error as ToolFailure).code === 'ENOENT'
      ? missingTool(command, hint)
      : `${command} --version fails: ${(error as Error).message}`;
  }
}

function missingTool(command: string, hint: string | undefined): string {
  return `${command} is not installed${hint ? ` (${hint})` : ''}`;
}
