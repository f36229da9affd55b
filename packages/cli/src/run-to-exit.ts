import { isWhittleError, WhittleError } from '@whittle/core';
import { errorTrace } from './error-trace.js';

/** Exit codes by signal, as shells have them. */
const stopCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/** How long the work may take to clear up after it was stopped. */
const graceMs = 5_000;

export interface RunToExitOptions {
  /** Where errors go: standard error unless told. */
  readonly err?: NodeJS.WritableStream;
  /** Whether to show where an error arose, and what caused it. */
  readonly debug?: boolean;
  /** Hears of the error too. */
  readonly onError?: (error: WhittleError) => void;
}

/**
 * Runs a program's work and returns the exit code: 0; 1 for an error, which is written as `error CODE: message`; 2 where that
 * is USAGE_INVALID; 130 or 143 where Ctrl-C or a signal stopped it, by way of the signal that the work is given.
 */
export async function runToExit(
  work: (signal: AbortSignal) => Promise<void>,
  { err = process.stderr, debug = false, onError }: RunToExitOptions = {},
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
    await work(controller.signal);
    return stopped ?? 0;
  } catch (error) {
    // A child process may have died of the same signal before this one heard of it.
    await new Promise((resolve) => setTimeout(resolve));
    const known = report(err, stopped === undefined ? error : stoppedBySignal, debug);
    onError?.(known);
    return stopped ?? (isWhittleError(error, 'USAGE_INVALID') ? 2 : 1);
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

const stoppedBySignal = new WhittleError('ABORTED', 'stopped by a signal before the work was complete');

function report(err: NodeJS.WritableStream, error: unknown, debug: boolean): WhittleError {
  const known = isWhittleError(error)
    ? error
    : new WhittleError('INTERNAL', `${error instanceof Error ? error.message : error} (--debug shows where)`);
  err.write(`error ${known.code}: ${known.message}\n`);
  if (debug) err.write(`${errorTrace(error)}\n`);
  return known;
}
