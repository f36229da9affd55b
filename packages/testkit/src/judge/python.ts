import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const environment = join('.cache', 'python', 'bin', 'python');

/** The script that runs models in the judges. */
export const judgeScript = fileURLToPath(new URL('../../python/judge.py', import.meta.url));

/**
 * The Python that has the judges' packages: WHITTLE_PYTHON where it is set, else `.cache/python/bin/python` in the
 * working directory or one above it, else in a directory above this package. Undefined where there is none.
 */
export function findPython(): string | undefined {
  const told = process.env.WHITTLE_PYTHON;
  if (told) return existsSync(told) ? told : undefined;
  return findUpwards(process.cwd()) ?? findUpwards(dirname(judgeScript));
}

/** Why there is no Python, and what helps. */
export function missingPython(): string {
  const told = process.env.WHITTLE_PYTHON;
  return told
    ? `WHITTLE_PYTHON names ${told}, which doesn't exist`
    : `no ${environment} in ${process.cwd()} or above: run 'npm run setup', or set WHITTLE_PYTHON to a Python that has what tools/setup/requirements.txt names`;
}

/** What the Python runs with: libraries say little; Keras computes with numpy, and convolutions with JAX, nothing compiled. */
export function pythonEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', KERAS_BACKEND: 'numpy', JAX_PLATFORMS: 'cpu' };
}

function findUpwards(from: string): string | undefined {
  for (let directory = from; ; directory = dirname(directory)) {
    const python = join(directory, environment);
    if (existsSync(python)) return python;
    if (directory === dirname(directory)) return undefined;
  }
}
