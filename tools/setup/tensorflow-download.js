import { cpSync, existsSync, renameSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { reasonFor } from './run-command.js';

const LIMIT_MS = 120_000;

/**
 * Lets the install script of @tensorflow/tfjs-node fetch the library and the binding, in a copy of the package: the
 * script rewrites files as it goes, and must not leave node_modules half-changed.
 *
 * @param folder empty, below the repository's root (so that the script finds its modules); gets `deps` and `lib`
 * @returns why it could not be done, or undefined
 */
export const downloadLibrary = async ({ paths, report, run }, folder) => {
  report.line("native TensorFlow: the npm package's own download");
  const copy = join(folder, 'tfjs-node');
  cpSync(paths.tfjsNode, copy, {
    recursive: true,
    filter: (source) => source !== join(paths.tfjsNode, 'deps') && source !== join(paths.tfjsNode, 'lib'),
  });
  const programs = [join(copy, 'node_modules', '.bin'), join(paths.nodeModules, '.bin'), process.env.PATH];
  const result = await run(process.execPath, ['scripts/install.js'], {
    cwd: copy,
    timeoutMs: LIMIT_MS,
    env: { PATH: programs.join(delimiter) },
  });
  if (!result.ok) return reasonFor("the npm package's own download", result);
  if (!existsSync(join(copy, 'deps')) || !existsSync(join(copy, 'lib'))) {
    return "the npm package's own download ended without a library";
  }
  for (const part of ['deps', 'lib']) renameSync(join(copy, part), join(folder, part));
  return undefined;
};
