import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a process that reads files says. */
export interface ChildReport {
  /** The file that is read from now on, by its number. */
  readonly began?: number;
  readonly fault?: string;
  readonly index?: number;
  /** How a file was taken: `read`, or the code of the error. */
  readonly outcome?: string;
  /** MB that the process took by the end of a file, more than it may; it ends then. */
  readonly heavy?: number;
  readonly ended?: { readonly read: number; readonly refused: number };
}

/** What is made of it. */
export interface ChildWatch {
  onBegin?(index: number): void;
  onOutcome?(index: number, outcome: string): void;
  /** A file that took too long, or too much memory, or ended the process. */
  onFault(index: number, message: string): void;
  onEnd?(ended: NonNullable<ChildReport['ended']>): void;
}

/** The exit status of a process that took too much memory: what it says of that may be lost as it ends. */
export const heavyStatus = 75;

/** No file may take longer. */
const longestMs = 5000;

/**
 * Runs a program of this folder that reads the files `from` to `to` and says so, to its end, however it comes: it is ended
 * where a file hangs. The number of the file to go on with.
 */
export function watchChild(
  program: string,
  job: string,
  limitMb: number,
  { from, to }: { readonly from: number; readonly to: number },
  watch: ChildWatch,
): Promise<number> {
  const child = fork(fileURLToPath(new URL(program, import.meta.url)), [job], {
    // Code that is made from text fails here, as any error without a code does.
    execArgv: [
      ...['--import', 'tsx', '--conditions=@whittle/source'],
      ...['--disallow-code-generation-from-strings', `--max-old-space-size=${limitMb}`],
    ],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)));
  return new Promise((resolve, reject) => {
    let current = -1;
    let since = 0;
    let ended = false;
    let heavy: number | undefined;
    let faulty = -1;
    const fail = (index: number, message: string) => {
      faulty = index;
      watch.onFault(index, message);
    };
    const timer = setInterval(() => {
      if (current < 0 || Date.now() - since <= longestMs) return;
      if (faulty !== current) fail(current, `took more than ${longestMs / 1000} s`);
      child.kill('SIGKILL');
    }, 250);
    child.on('message', (report: ChildReport) => {
      since = Date.now();
      if (report.began !== undefined) {
        current = report.began;
        watch.onBegin?.(current);
      }
      if (report.fault !== undefined) fail(report.index!, report.fault);
      if (report.outcome !== undefined) watch.onOutcome?.(report.index!, report.outcome);
      heavy = report.heavy;
      if (!report.ended) return;
      ended = true;
      watch.onEnd?.(report.ended);
    });
    child.on('error', reject);
    // What a process has said may arrive after its end.
    const silent = new Promise<void>((done) => child.once('disconnect', done));
    child.on('exit', (code, signal) => void silent.then(() => settle(code, signal)));
    const settle = (code: number | null, signal: NodeJS.Signals | null) => {
      clearInterval(timer);
      if (ended) return resolve(to);
      if (current < 0) return reject(new Error(`${program}: no file can be read: ${said}`));
      // Alone in its process, or again with those after it.
      const isHeavy = heavy !== undefined || code === heavyStatus;
      if (isHeavy && current > from) return resolve(current);
      if (isHeavy) fail(current, `took ${heavy ?? 'too many'} MB`);
      else if (faulty !== current)
        fail(current, `ended the process (${signal ?? code}): ${said.slice(-600)}`);
      resolve(current + 1);
    };
  });
}
