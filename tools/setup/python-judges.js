import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { reasonFor } from './run-command.js';
import { digest, readIfThere, writeWhole } from './stamp.js';

const OLDEST = [3, 10];
const NEWEST = [3, 14];
/** Debian's own comes first: its python3-venv is a package that set-up installs. */
const CANDIDATES = [
  '/usr/bin/python3',
  'python3',
  'python3.14',
  'python3.13',
  'python3.12',
  'python3.11',
  'python3.10',
];
const NAME = 'Python environment with TFLite Micro, LiteRT, Keras and ONNX Runtime';
const IMPORTS =
  'import numpy, tflite_micro, onnx, onnxruntime, keras; from ai_edge_litert.interpreter import Interpreter';
const PIP = ['-m', 'pip', '--disable-pip-version-check', '--no-input', '--retries', '2'];

export const pythonOf = (paths) => join(paths.python, 'bin', 'python');
const requirementsOf = (paths) => join(paths.tools, 'setup', 'requirements.txt');
const stampPath = (paths) => join(paths.python, '.whittle-setup');

/** The environment is bound to its requirements and to the Python whose packages it holds. */
const wantedStamp = (paths) =>
  digest(readIfThere(requirementsOf(paths)) ?? '', realpathSync(pythonOf(paths)));

const isDone = ({ paths }) => {
  const stamp = readIfThere(stampPath(paths));
  return stamp !== undefined && existsSync(pythonOf(paths)) && stamp === wantedStamp(paths);
};

/** Whether wheels exist for a Python of version `[major, minor]`. */
export const isSupported = ([major, minor]) =>
  major === OLDEST[0] && minor >= OLDEST[1] && minor <= NEWEST[1];

const QUESTION = `
import importlib.util as u, json, sys
print(json.dumps({"version": sys.version_info[:2], "venv": bool(u.find_spec("venv")), "ensurepip": bool(u.find_spec("ensurepip")), "pip": bool(u.find_spec("pip"))}))`;

const ask = (python) => {
  try {
    const text = execFileSync(python, ['-c', QUESTION], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 20_000,
    });
    return { python, ...JSON.parse(text) };
  } catch {
    return undefined;
  }
};

/**
 * The first Python that can make an environment with pip in it; else one that can make an environment without, if some
 * Python has a pip that can install into it; else undefined.
 */
export const choosePython = (found) => {
  const usable = found.filter(({ version, venv }) => venv && isSupported(version));
  const complete = usable.find(({ ensurepip }) => ensurepip);
  if (complete !== undefined) return { python: complete.python, pipFrom: undefined };
  const bare = usable[0];
  const pipFrom = found.find(({ pip }) => pip)?.python;
  return bare !== undefined && pipFrom !== undefined ? { python: bare.python, pipFrom } : undefined;
};

/** The Pythons of this system, Debian's first. */
export const findPythons = () => CANDIDATES.map(ask).filter((answer) => answer !== undefined);

/** How to call pip: the environment's own where it is complete, else that of any Python; undefined without one. */
export const anyPip = (paths) => {
  const inEnvironment = pythonOf(paths);
  const candidates = existsSync(inEnvironment) ? [inEnvironment] : [];
  const found = [...candidates.map(ask), ...findPythons()].find((answer) => answer?.pip);
  return found === undefined ? undefined : { python: found.python, args: PIP };
};

const describe = (found) =>
  found.length === 0
    ? 'no Python'
    : `Python ${[...new Set(found.map(({ version }) => version.join('.')))].join(', ')}`;

const install = async ({ paths, report, run }) => {
  const found = findPythons();
  const choice = choosePython(found);
  if (choice === undefined) {
    const wanted = `Python ${OLDEST.join('.')} to ${NEWEST.join('.')} with venv and pip (Debian: python3-venv)`;
    return report.gap(NAME, `expected ${wanted}, found ${describe(found)} without them`);
  }
  report.line(`${NAME} (pip install, 200 MB)`);
  rmSync(paths.python, { recursive: true, force: true });
  const bare = choice.pipFrom === undefined ? [] : ['--without-pip'];
  const made = await run(choice.python, ['-m', 'venv', ...bare, paths.python]);
  if (!made.ok) return report.gap(NAME, reasonFor('python3 -m venv', made));
  const python = pythonOf(paths);
  const pip = choice.pipFrom === undefined ? [python, ...PIP] : [choice.pipFrom, ...PIP, '--python', python];
  const [command, ...args] = [
    ...pip,
    'install',
    '--only-binary=:all:',
    '--requirement',
    requirementsOf(paths),
  ];
  const installed = await run(command, args);
  if (!installed.ok) return report.gap(NAME, reasonFor('pip install', installed));
  const imported = await run(python, ['-c', IMPORTS], { env: { KERAS_BACKEND: 'numpy' } });
  if (!imported.ok) return report.gap(NAME, reasonFor('importing them', imported));
  writeWhole(stampPath(paths), wantedStamp(paths));
};

export const pythonJudges = { name: 'Python environment', isDone, install };
