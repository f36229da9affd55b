import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { pathsOf, repositoryRoot } from '../setup/paths.js';
import { runCommand } from '../setup/run-command.js';
import { countTests } from './counts.js';

const readReport = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
};

/** Runs the tests below `paths`, or all, with vitest's own output, and counts them. */
export const runVitest = async (paths) => {
  const { cache, nodeModules } = pathsOf(repositoryRoot);
  const report = join(cache, 'test', `vitest-${process.pid}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const result = await runCommand(join(nodeModules, '.bin', 'vitest'), ['run', ...reporters, ...paths], {
    cwd: repositoryRoot,
    stream: true,
  });
  const counts = countTests(readReport(report), result.ok);
  rmSync(report, { force: true });
  return counts;
};
