import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

import { reasonFor } from './run-command.js';
import { digest, identityOf, readIfThere, writeWhole } from './stamp.js';

const NAME = 'kernels in WebAssembly';
const TOOLS = ['clang', 'wasm-ld'];

const stampPath = (paths) => join(paths.cache, 'wasm-kernels.stamp');

const toolPath = (name) =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((program) => existsSync(program));

const missingTools = () => TOOLS.filter((name) => toolPath(name) === undefined);

/** The files that the module is made from and by. */
const sourcesOf = (paths) =>
  [join(paths.mcu, 'kernels'), join(paths.mcu, 'src', 'wasm'), dirname(paths.wasmKernels)].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /\.(c|h|inc|ts)$/.test(name) && !name.endsWith('.test.ts'))
      .sort()
      .map((name) => join(folder, name)),
  );

const wantedStamp = (paths) =>
  digest(
    ...TOOLS.map((name) => identityOf(toolPath(name))),
    ...sourcesOf(paths).flatMap((path) => [path.slice(paths.root.length), readFileSync(path)]),
  );

const isDone = ({ paths }) =>
  missingTools().length === 0 &&
  existsSync(paths.wasmKernels) &&
  readIfThere(stampPath(paths)) === wantedStamp(paths);

const install = async ({ paths, report, run }) => {
  const missing = missingTools();
  if (missing.length > 0) return report.gap(NAME, `it needs ${missing.join(' and ')}`);
  report.line(`${NAME}: compiling`);
  const stamp = wantedStamp(paths);
  const tsx = join(paths.nodeModules, 'tsx', 'dist', 'cli.mjs');
  const script = join(paths.mcu, 'src', 'wasm', 'build-kernels.ts');
  const result = await run(process.execPath, [tsx, '--conditions=@whittle/source', script], {
    cwd: paths.root,
  });
  if (!result.ok) return report.gap(NAME, reasonFor('build-kernels.ts', result));
  writeWhole(stampPath(paths), stamp);
};

/** The module that the runtime `wasm` runs without a compiler, built as a published package brings it. */
export const wasmKernels = { name: NAME, isDone, install };
