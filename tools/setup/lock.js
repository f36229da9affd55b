import {
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { isRunning, processIdentity } from './process-identity.js';

const POLL_MS = 250;
const HEARTBEAT_MS = 5_000;
/** A holder on another host (a shared folder) can't be asked; it counts as gone when its heartbeat stops for so long. */
const SILENCE_MS = 60_000;

const read = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

/** Whether someone still works under the lock: the set-up itself, or a command that outlived it. */
const isHeld = (directory) => {
  const owner = read(join(directory, 'owner'));
  if (owner === undefined) return false;
  const [host, identity] = owner.split('\n');
  if (host !== hostname()) {
    try {
      return Date.now() - statSync(join(directory, 'owner')).mtimeMs < SILENCE_MS;
    } catch {
      return false;
    }
  }
  return isRunning(identity) || isRunning(read(join(directory, 'child')) ?? '');
};

/** Takes away a lock whose holder is gone, unless another process has just done so and taken it. */
const breakLock = (directory, scratch) => {
  const seen = read(join(directory, 'owner'));
  try {
    renameSync(directory, scratch);
  } catch {
    return;
  }
  if (read(join(scratch, 'owner')) === seen) {
    rmSync(scratch, { recursive: true, force: true });
    return;
  }
  renameSync(scratch, directory);
};

/** Removes what set-ups left that were killed while they waited. */
const removeLeftovers = (directory) => {
  const folder = dirname(directory);
  const leftovers = readdirSync(folder).filter((name) => name.startsWith(`${basename(directory)}.`));
  for (const path of leftovers.map((name) => join(folder, name))) {
    if (!isHeld(path)) rmSync(path, { recursive: true, force: true });
  }
};

/**
 * Holds `directory` as a lock against other set-ups of the same checkout; waits while another one holds it.
 *
 * The lock is a folder that is filled first and then renamed into place, so it never exists without its owner's name.
 * A holder that was killed is recognized by its process number and start time; a command that it left running counts
 * as a holder until it ends, because two `npm ci` at once would ruin node_modules.
 *
 * @param onWait called once, with the owner's identity, if the lock has to be waited for
 * @returns `release`, and `setChild`, which records the process that works for the holder
 */
export const acquireLock = async (directory, { onWait, timeoutMs = 30 * 60_000 } = {}) => {
  const own = `${hostname()}\n${processIdentity(process.pid)}\n`;
  const prepared = `${directory}.${process.pid}`;
  const scratch = `${directory}.${process.pid}.stale`;
  const deadline = Date.now() + timeoutMs;
  let waiting = false;
  rmSync(prepared, { recursive: true, force: true });
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(prepared, { recursive: true });
  writeFileSync(join(prepared, 'owner'), own);
  for (;;) {
    try {
      renameSync(prepared, directory); // fails while the directory is there, for it is never empty
      break;
    } catch (error) {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') {
        rmSync(prepared, { recursive: true, force: true });
        throw error;
      }
    }
    if (!isHeld(directory)) {
      breakLock(directory, scratch);
      continue;
    }
    if (Date.now() > deadline) {
      rmSync(prepared, { recursive: true, force: true });
      throw new Error(
        `another set-up still holds ${directory} after ${Math.round(timeoutMs / 60_000)} minutes`,
      );
    }
    if (!waiting) onWait?.(read(join(directory, 'owner'))?.split('\n')[1] ?? '');
    waiting = true;
    await sleep(POLL_MS);
  }
  removeLeftovers(directory);
  const heartbeat = setInterval(() => {
    try {
      utimesSync(join(directory, 'owner'), new Date(), new Date());
    } catch {
      // Someone removed .cache by hand; the work in hand will say so where it matters.
    }
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    setChild: (pid) => {
      const identity = pid === undefined ? undefined : processIdentity(pid);
      if (identity === undefined) rmSync(join(directory, 'child'), { force: true });
      else writeFileSync(join(directory, 'child'), identity);
    },
    release: () => {
      clearInterval(heartbeat);
      if (read(join(directory, 'owner')) === own) rmSync(directory, { recursive: true, force: true });
    },
  };
};
