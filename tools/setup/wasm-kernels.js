import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { reasonFor } from './run-command.js';
import { digest, identityOf, readIfThere, writeWhole } from './stamp.js';

const TOOLS = ['clang', 'wasm-ld'];

const toolPath = (name) =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((program) => existsSync(program));

const missingTools = () => TOOLS.filter((name) => toolPath(name) === undefined);

/** The files that a module is made from and by. */
const sourcesOf = (folder) =>
  [join(folder, 'kernels'), join(folder, 'src', 'wasm'), join(folder, 'wasm')]
    .filter((part) => existsSync(part))
    .flatMap((part) =>
      readdirSync(part)
        .filter((name) => /\.(c|h|inc|ts)$/.test(name) && !name.endsWith('.test.ts'))
        .sort()
        .map((name) => join(part, name)),
    );

/**
 * The step that compiles a package's folder kernels to wasm/kernels.wasm by its src/wasm/build-kernels.ts, as a published
 * package brings it.
 */
const kernelModule = ({ name, stamp, folderOf }) => {
  const stampPath = (paths) => join(paths.cache, stamp);
  const modulePath = (paths) => join(folderOf(paths), 'wasm', 'kernels.wasm');
  const wantedStamp = (paths) =>
    digest(
      ...TOOLS.map((tool) => identityOf(toolPath(tool))),
      ...sourcesOf(folderOf(paths)).flatMap((path) => [path.slice(paths.root.length), readFileSync(path)]),
    );

  const isDone = ({ paths }) =>
    missingTools().length === 0 &&
    existsSync(modulePath(paths)) &&
    readIfThere(stampPath(paths)) === wantedStamp(paths);

  const install = async ({ paths, report, run }) => {
    const missing = missingTools();
    if (missing.length > 0) return report.gap(name, `it needs ${missing.join(' and ')}`);
    report.line(`${name}: compiling`);
    const wanted = wantedStamp(paths);
    const tsx = join(paths.nodeModules, 'tsx', 'dist', 'cli.mjs');
    const script = join(folderOf(paths), 'src', 'wasm', 'build-kernels.ts');
    const result = await run(process.execPath, [tsx, '--conditions=@whittle/source', script], {
      cwd: paths.root,
    });
    if (!result.ok) return report.gap(name, reasonFor('build-kernels.ts', result));
    writeWhole(stampPath(paths), wanted);
  };

  return { name, isDone, install };
};

/** What the runtime `wasm` runs without a compiler. */
export const wasmKernels = kernelModule({
  name: 'kernels in WebAssembly',
  stamp: 'wasm-kernels.stamp',
  folderOf: (paths) => paths.mcu,
});

/** What trains where there is no native TensorFlow. */
export const gradientKernels = kernelModule({
  name: 'gradients in WebAssembly',
  stamp: 'gradient-kernels.stamp',
  folderOf: (paths) => paths.train,
});
