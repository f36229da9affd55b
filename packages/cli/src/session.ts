import type { Progress, Registry } from '@whittle/core';
import { usageInvalid } from './usage.js';

/** What a command works with. Results go to `print`, everything else to standard error. */
export interface Session {
  readonly registry: Registry;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Whether the result is to be one JSON object. */
  readonly json: boolean;
  /** Writes to standard output. */
  print(text: string): void;
}

/** Prints a result: one JSON object, or what `human` makes of it. */
export function printResult<T extends object>(
  session: Session,
  result: T,
  human: (result: T) => string,
): void {
  session.print(session.json ? JSON.stringify(result) : human(result));
}

/** Does work of `total` steps with its progress shown. The work may say how many of them are done. */
export async function showProgress<T>(
  { progress }: Session,
  title: string,
  total: number,
  work: (update: (done: number) => void) => Promise<T>,
): Promise<T> {
  const task = progress(title, total);
  try {
    const result = await work((done) => task.update(done));
    task.update(total);
    return result;
  } finally {
    task.finish();
  }
}

/** Looks up what an option names. @throws USAGE_INVALID, which lists what there is */
export function lookUp<T>(option: string, kind: string, table: ReadonlyMap<string, T>, name: string): T {
  const found = table.get(name);
  if (found === undefined)
    throw usageInvalid(
      `${option}: unknown ${kind} '${name}', expected one of: ${[...table.keys()].sort().join(', ')}`,
    );
  return found;
}
