import { existsSync, mkdirSync, realpathSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { acquireLock } from '../../setup/lock.js';
import { pathsOf, repositoryRoot } from '../../setup/paths.js';
import { choosePython, findPythons } from '../../setup/python-judges.js';
import { reasonFor, runCommand } from '../../setup/run-command.js';
import { digest, readIfThere, writeWhole } from '../../setup/stamp.js';

// `node set-up-environment.js NAME`: a Python environment with what NAME.requirements.txt lists, made once, in
// .cache/bench/python-NAME; benches that need the same one share it. Says on its last line, as JSON, which program it is
// (`{"python": PATH}`), or why it can't be had (`{"missing": REASON}`).
const name = process.argv[2];
const folder = join(pathsOf(repositoryRoot).cache, 'bench', `python-${name}`);
const python = join(folder, 'bin', 'python');
const stamp = join(folder, '.whittle-setup');
const requirements = join(dirname(fileURLToPath(import.meta.url)), `${name}.requirements.txt`);

const wantedStamp = () => digest(readIfThere(requirements), realpathSync(python));
const isDone = () => existsSync(python) && readIfThere(stamp) === wantedStamp();
const say = (line) => console.error(line);

/** @returns why it failed, or undefined */
const install = async (run) => {
  const choice = choosePython(findPythons());
  if (choice === undefined) return 'there is no Python 3.10 to 3.14 with venv and pip';
  say(`bench: Python environment '${name}' (pip install, once; with PyTorch 3 GB)`);
  rmSync(folder, { recursive: true, force: true });
  const bare = choice.pipFrom === undefined ? [] : ['--without-pip'];
  const made = await run(choice.python, ['-m', 'venv', ...bare, folder]);
  if (!made.ok) return reasonFor('python3 -m venv', made);
  const pip = ['-m', 'pip', '--disable-pip-version-check', '--no-input', '--no-cache-dir', '--retries', '5'];
  const [command, ...args] =
    choice.pipFrom === undefined ? [python, ...pip] : [choice.pipFrom, ...pip, '--python', python];
  const wanted = ['--only-binary=:all:', '--requirement', requirements];
  const installed = await run(command, [...args, 'install', ...wanted]);
  if (!installed.ok) return reasonFor('pip install', installed);
  writeWhole(stamp, wantedStamp());
  return undefined;
};

const setUp = async () => {
  if (isDone()) return undefined;
  mkdirSync(dirname(folder), { recursive: true });
  const lock = await acquireLock(`${folder}.lock`, {
    onWait: () => say(`bench: waiting for another set-up of '${name}' to finish`),
  });
  process.once('exit', lock.release);
  try {
    return isDone() ? undefined : await install((...call) => runCommand(...call));
  } finally {
    lock.release();
  }
};

const missing = await setUp();
console.log(JSON.stringify(missing === undefined ? { python } : { missing }));
