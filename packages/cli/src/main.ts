import { isWhittleError, WhittleError } from '@whittle/core';
import { CommanderError } from 'commander';
import { createProgram } from './program.js';
import { cliProgress } from './progress.js';
import { defaultRegistry } from './plugins.js';

/** Exit codes by signal, as shells have them. */
const stopCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/** How long a command may take to clear up after it was stopped. */
const graceMs = 5_000;

/** Where results and everything else go. */
export interface Streams {
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/**
 * Runs one command line (without node and script) and returns the exit code: 0; 1 for an error of the work; 2 for a
 * command line that is wrong; 130 or 143 where a signal stopped it. Results go to standard output, the rest to standard
 * error.
 */
export async function main(
  args: readonly string[],
  { out, err }: Streams = { out: process.stdout, err: process.stderr },
): Promise<number> {
  const controller = new AbortController();
  let stopped: number | undefined;
  const stop = (signal: keyof typeof stopCodes) => {
    stopped = stopCodes[signal];
    controller.abort();
    setTimeout(() => process.exit(stopped), graceMs).unref();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    const output = {
      writeOut: (text: string) => out.write(text),
      writeErr: (text: string) => err.write(text),
    };
    const session = {
      registry: defaultRegistry(),
      signal: controller.signal,
      progress: cliProgress({ stream: err }),
      print: (text: string) => void out.write(`${text}\n`),
    };
    await createProgram(session, output).parseAsync(args, { from: 'user' });
    return stopped ?? 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    // A child process may have died of the same signal before this one heard of it.
    await new Promise((resolve) => setTimeout(resolve));
    report(err, stopped === undefined ? error : stoppedBySignal, args.includes('--debug'));
    return stopped ?? 1;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

const stoppedBySignal = new WhittleError('ABORTED', 'stopped by a signal before the work was complete');

function report(err: NodeJS.WritableStream, error: unknown, debug: boolean): void {
  const known = isWhittleError(error)
    ? error
    : new WhittleError('INTERNAL', `${error instanceof Error ? error.message : error} (--debug shows where)`);
  err.write(`error ${known.code}: ${known.message}\n`);
  if (debug && error instanceof Error) err.write(`${error.stack}\n`);
}
