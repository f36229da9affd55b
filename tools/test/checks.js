import { join } from 'node:path';

import { eslint } from '../lint/eslint.js';
import { pathsOf, repositoryRoot } from '../setup/paths.js';
import { runCommand } from '../setup/run-command.js';

const command =
  (name, ...args) =>
  () =>
    runCommand(name, args, { cwd: repositoryRoot });
const program = (name, ...args) => command(join(pathsOf(repositoryRoot).nodeModules, '.bin', name), ...args);

/** What holds for the whole repository, beside its tests; each counts as one test. */
const CHECKS = [
  { name: 'format', hint: 'npm run format', run: program('prettier', '--check', '--log-level', 'warn', '.') },
  { name: 'lint', hint: 'npm run lint', run: () => eslint([]) },
  { name: 'typecheck', hint: 'npm run typecheck', run: program('tsc', '-p', 'tsconfig.json') },
  {
    name: 'generated files',
    hint: 'npm run check:generated --workspaces --if-present',
    run: command('npm', 'run', 'check:generated', '--workspaces', '--if-present', '--silent'),
  },
];

/** Runs the checks in order, each to its end. @returns how many passed and failed, and what to run for the latter */
export const runChecks = async () => {
  const failures = [];
  for (const { name, hint, run } of CHECKS) {
    const started = performance.now();
    const { ok, output } = await run();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    process.stdout.write(`${ok ? 'passed' : 'FAILED'} ${name} (${seconds} s)\n`);
    if (ok) continue;
    process.stdout.write(`${output}\n`);
    failures.push(`${name} (${hint})`);
  }
  return { counts: { passed: CHECKS.length - failures.length, failed: failures.length }, failures };
};
