import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

import { compile } from './compiler.js';
import { digest, identityOf, readIfThere, writeWhole } from './stamp.js';

const FLAGS = ['-std=c11', '-O2', '-Wall', '-Wextra', '-shared', '-fPIC', '-fvisibility=hidden'];
const NAME = "QEMU's instruction counter";

const folderOf = (paths) => join(paths.tools, 'qemu');
const sourcesOf = (paths) =>
  readdirSync(folderOf(paths))
    .filter((name) => /\.[ch]$/.test(name))
    .sort()
    .map((name) => join(folderOf(paths), name));
const stampPath = (paths) => `${paths.qemuPlugin}.stamp`;

const qemu = () =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'qemu-system-arm'))
    .find((program) => existsSync(program));

const wantedStamp = (paths, emulator) =>
  digest(
    ...FLAGS,
    identityOf(emulator),
    ...sourcesOf(paths).flatMap((path) => [path.slice(paths.root.length), readFileSync(path)]),
  );

const isDone = ({ paths }) => {
  const emulator = qemu();
  if (emulator === undefined || !existsSync(paths.qemuPlugin)) return false;
  return readIfThere(stampPath(paths)) === wantedStamp(paths, emulator);
};

/** The plugin interface of a QEMU, from the first line of its `--version`; undefined if that says no version. */
export const pluginApiOf = (versionText) => {
  const major = /version (\d+)\./.exec(versionText)?.[1];
  return major === undefined ? undefined : Number(major) >= 9 ? 2 : 1;
};

const askVersion = (emulator) => {
  try {
    return execFileSync(emulator, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  } catch (error) {
    return error.message;
  }
};

const install = async ({ paths, report, run }) => {
  const emulator = qemu();
  if (emulator === undefined) return report.gap(NAME, 'it needs qemu-system-arm');
  const version = askVersion(emulator);
  const api = pluginApiOf(version);
  if (api === undefined) return report.gap(NAME, `${emulator} --version answers ${JSON.stringify(version)}`);
  report.line(`${NAME}: compiling`);
  const stamp = wantedStamp(paths, emulator);
  mkdirSync(dirname(paths.qemuPlugin), { recursive: true });
  const temporary = join(paths.partial, 'libicnt.so');
  mkdirSync(paths.partial, { recursive: true });
  const sources = sourcesOf(paths).filter((path) => path.endsWith('.c'));
  const reason = await compile(run, 'C', [...FLAGS, `-DICNT_PLUGIN_API=${api}`, '-o', temporary, ...sources]);
  if (reason !== undefined) return report.gap(NAME, reason);
  renameSync(temporary, paths.qemuPlugin);
  writeWhole(stampPath(paths), stamp);
};

export const qemuPlugin = { name: NAME, isDone, install };
