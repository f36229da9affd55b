import { SingleBar } from 'cli-progress';
import type { Progress, ProgressTask } from '@whittle/core';

export interface CliProgressOptions {
  /** Default: standard error. */
  readonly stream?: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** Bars on a terminal; elsewhere plain lines, when a step begins and when it is complete. Writes to standard error. */
export function cliProgress({ stream = process.stderr }: CliProgressOptions = {}): Progress {
  return stream.isTTY
    ? (title, total) => barTask(stream, title, total)
    : (title, total) => lineTask(stream, title, total);
}

function barTask(stream: NodeJS.WritableStream, title: string, total: number): ProgressTask {
  const bar = new SingleBar({
    stream,
    format: `${title} [{bar}] {value}/{total} {note}`,
    barCompleteChar: '=',
    barIncompleteChar: ' ',
    barsize: 30,
    hideCursor: true,
    linewrap: false,
    gracefulExit: false,
  });
  bar.start(total, 0, { note: '' });
  return {
    update: (done, note) => bar.update(done, note === undefined ? undefined : { note }),
    finish: () => bar.stop(),
  };
}

function lineTask(stream: NodeJS.WritableStream, title: string, total: number): ProgressTask {
  stream.write(`${title} ...\n`);
  let last = { done: 0, note: '' };
  return {
    update: (done, note = last.note) => void (last = { done, note }),
    finish: () => void stream.write(`${title}: ${last.done}/${total} ${last.note}`.trimEnd() + '\n'),
  };
}
