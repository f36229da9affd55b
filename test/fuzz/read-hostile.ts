import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { HostileFile } from './hostile/hostile-file.js';
import { watchChild } from './watch-child.js';

/** What a child process is to read. */
export interface HostileJob {
  /** A file that does no harm, of the same format. */
  readonly warmUp: string;
  /** Paths, and bytes of all that lies in the folder. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  readonly from: number;
  readonly to: number;
}

/**
 * Reads files that are made to do harm, as `whittle` does, in a process of its own: how each was taken, `read` or the code of
 * the error, or what was wrong with that. The first of them must be one that does no harm.
 */
export async function readHostile(cases: readonly HostileFile[]): Promise<Map<string, string>> {
  const root = mkdtempSync(join(tmpdir(), 'whittle-hostile-'));
  const outcomes = new Map<string, string>();
  try {
    const files = cases.map((each, i) => layOut(join(root, String(i)), each));
    const there = readdirSync(root, { recursive: true }).length;
    const limitMb = 256 + Math.ceil((4 * Math.max(...files.map(({ bytes }) => bytes))) / (1 << 20));
    const path = join(root, 'job.json');
    let next = 0;
    while (next < cases.length) {
      const job: HostileJob = { warmUp: files[0].path, files, from: next, to: cases.length };
      writeFileSync(path, JSON.stringify(job));
      next = await watchChild('hostile-child.ts', path, limitMb, job, {
        // A fault stays one, whatever comes of it in the end.
        onOutcome: (index, outcome) =>
          !outcomes.has(cases[index].name) && outcomes.set(cases[index].name, outcome),
        onFault: (index, message) => outcomes.set(cases[index].name, message),
      });
    }
    // The job itself is new.
    const made = readdirSync(root, { recursive: true }).length - there - 1;
    if (made !== 0) outcomes.set('all', `${made} files were made`);
  } finally {
    rmSync(root, { recursive: true });
  }
  return outcomes;
}

function layOut(around: string, { files, model }: HostileFile) {
  const folder = join(around, 'model');
  let bytes = 0;
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    if ('linkTo' in content) symlinkSync(content.linkTo, path);
    else {
      writeFileSync(path, content);
      bytes += content.length;
    }
  }
  return { path: join(folder, model), bytes };
}
