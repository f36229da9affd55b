import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { pathsOf, repositoryRoot } from '../setup/paths.js';
import { reasonFor, runCommand } from '../setup/run-command.js';

const GRAPH = join('.nx', 'workspace-data', 'project-graph.json');
const programOf = (root, name) => join(pathsOf(root).nodeModules, '.bin', name);

/**
 * Has Nx make the graph of the projects, without which the boundaries rule passes everything, silently.
 *
 * @returns why there is no graph, or undefined
 */
export const createProjectGraph = async (root = repositoryRoot) => {
  const result = await runCommand(programOf(root, 'nx'), ['show', 'projects', '--json'], {
    cwd: root,
    env: { NX_DAEMON: 'false', NX_TUI: 'false' },
  });
  return result.ok && existsSync(join(root, GRAPH))
    ? undefined
    : reasonFor('making the project graph (nx)', result);
};

/**
 * Runs ESLint with the module boundaries in force, on the whole repository or on the paths in `args`.
 *
 * @param args ESLint's own arguments; paths are relative to `root`
 * @param options as for `runCommand`
 * @returns as `runCommand`; not ok, with the reason as output, if there is no project graph
 */
export const eslint = async (args, options = {}, root = repositoryRoot) => {
  const reason = await createProjectGraph(root);
  if (reason !== undefined)
    return { ok: false, code: 1, signal: null, timedOut: false, output: `lint: ${reason}\n` };
  return runCommand(programOf(root, 'eslint'), args.length > 0 ? args : ['.'], { ...options, cwd: root });
};
