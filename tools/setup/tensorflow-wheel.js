import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { compile } from './compiler.js';
import { anyPip } from './python-judges.js';
import { reasonFor } from './run-command.js';

const WHEEL = 'tensorflow-cpu==2.21.0';
/** The libraries in the wheel don't depend on Python; any one of its Pythons will do. */
const WHEEL_PYTHON = '3.11';
const PLATFORMS = { x64: 'manylinux_2_27_x86_64', arm64: 'manylinux_2_27_aarch64' };
const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];

const platform = () => {
  const hasGlibc =
    process.platform === 'linux' && process.report.getReport().header.glibcVersionRuntime !== undefined;
  return hasGlibc ? PLATFORMS[process.arch] : undefined;
};

/**
 * Takes TensorFlow's libraries from its Python wheel and compiles the binding of @tensorflow/tfjs-node against them.
 *
 * @param folder empty; gets `deps/lib`, `deps/include` and `lib/napi-v8/tfjs_binding.node`
 * @returns why it could not be done, or undefined
 */
export const buildFromWheel = async ({ paths, report, run }, folder) => {
  const tag = platform();
  if (tag === undefined) {
    return `there is no ${WHEEL} wheel with a library for ${process.platform} ${process.arch} without glibc`;
  }
  const pip = anyPip(paths);
  if (pip === undefined) return 'the tensorflow-cpu wheel needs a Python 3 with pip (Debian: python3-venv)';
  report.line(`native TensorFlow: the wheel ${WHEEL} (274 MB)`);
  const download = join(folder, 'wheel');
  const downloaded = await run(pip.python, [
    ...[...pip.args, 'download', '--no-deps', '--only-binary=:all:'],
    ...['--python-version', WHEEL_PYTHON, '--platform', tag, '--dest', download, WHEEL],
  ]);
  if (!downloaded.ok) return reasonFor(`downloading ${WHEEL}`, downloaded);
  const wheel = readdirSync(download).find((name) => name.endsWith('.whl'));
  const sourceFolder = join(paths.tfjsNode, 'binding');
  const sources = readdirSync(sourceFolder).map((name) => join(sourceFolder, name));
  const unpacked = await run(pip.python, [
    join(paths.tools, 'setup', 'unpack_tensorflow.py'),
    join(download, wheel),
    join(folder, 'deps'),
    ...sources,
  ]);
  if (!unpacked.ok) return reasonFor('unpacking the tensorflow-cpu wheel', unpacked);
  rmSync(download, { recursive: true });
  report.line('native TensorFlow: compiling the binding');
  const binding = join(folder, 'lib', 'napi-v8');
  mkdirSync(binding, { recursive: true });
  return compile(run, 'C++', [
    ...['-std=c++17', '-O2', '-shared', '-fPIC', '-DNAPI_VERSION=8'],
    ...['-I', sourceFolder, '-I', join(folder, 'deps', 'include')],
    ...['-I', join(paths.nodeModules, 'node-api-headers', 'include')],
    ...sources.filter((name) => name.endsWith('.cc')),
    ...['-o', join(binding, 'tfjs_binding.node'), '-L', join(folder, 'deps', 'lib')],
    ...LIBRARIES.map((name) => `-l:${name}`),
    '-Wl,-rpath,$ORIGIN/../../deps/lib',
  ]);
};
