import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { reasonFor } from './run-command.js';
import { digest, readIfThere, writeWhole } from './stamp.js';

/** npm's own pauses between tries add up to more than a minute when there is no network. */
const QUICK_RETRIES = ['--fetch-retries=3', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=8000'];

const stampPath = (paths) => join(paths.nodeModules, '.whittle-setup');
const installedLockPath = (paths) => join(paths.nodeModules, '.package-lock.json');

/**
 * Binaries for other systems may be absent, and peers. `devOptional` is not such a mark: npm gives it to development packages
 * that something else has as an optional one, and a whole install brings them.
 */
const isRequired = ({ optional, peer }) => optional !== true && peer !== true;

/**
 * Whether what npm says it installed is what the lock file asks for.
 *
 * @param lock package-lock.json, parsed
 * @param installed node_modules/.package-lock.json, parsed: npm writes it last
 */
export const installedMatchesLock = (lock, installed) =>
  Object.entries(lock.packages).every(([location, wanted]) => {
    if (location === '') return true;
    const found = installed.packages[location];
    if (found === undefined) return !isRequired(wanted);
    return (
      found.version === wanted.version && found.integrity === wanted.integrity && found.link === wanted.link
    );
  });

/**
 * The locations that must exist on disk: all that the lock file requires, and what npm says that it installed beside it
 * (binaries for this system).
 *
 * @param installed node_modules/.package-lock.json, parsed; undefined where there is none
 */
export const requiredLocations = (lock, installed) => {
  const required = Object.entries(lock.packages).filter(([, wanted]) => isRequired(wanted));
  const locations = [...required.map(([location]) => location), ...Object.keys(installed?.packages ?? {})];
  return [...new Set(locations)].filter((location) => location !== '');
};

const parse = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isDone = ({ paths }) => {
  const lockText = readIfThere(join(paths.root, 'package-lock.json'));
  const lock = parse(lockText);
  if (lock === undefined) return false;
  const installed = parse(readIfThere(installedLockPath(paths)));
  const isThere = (location) => existsSync(join(paths.root, location, 'package.json'));
  if (!requiredLocations(lock, installed).every(isThere)) return false;
  if (readIfThere(stampPath(paths)) === digest(lockText)) return true;
  // Somebody ran npm themselves: nothing to redo if it got as far as the lock file says.
  if (installed?.packages === undefined || !installedMatchesLock(lock, installed)) return false;
  writeWhole(stampPath(paths), digest(lockText));
  return true;
};

const npm = () => {
  const script = process.env.npm_execpath;
  return script?.endsWith('npm-cli.js') && existsSync(script) ? [process.execPath, script] : ['npm'];
};

const install = async ({ paths, report, run }) => {
  const lockText = readIfThere(join(paths.root, 'package-lock.json'));
  if (lockText === undefined) return report.fail('package-lock.json is missing or cannot be read');
  report.line('npm packages: npm ci');
  // Some npm versions leave hidden files in place: an interrupted npm ci must not look finished.
  rmSync(stampPath(paths), { force: true });
  rmSync(installedLockPath(paths), { force: true });
  const [command, ...args] = npm();
  const result = await run(command, [...args, 'ci', ...QUICK_RETRIES], { cwd: paths.root });
  if (!result.ok) return report.fail(reasonFor('npm ci', result));
  writeWhole(stampPath(paths), digest(lockText));
};

export const npmPackages = { name: 'npm packages', isDone, install };
