import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { acquireLock } from './lock.js';
import { isRunning, processIdentity } from './process-identity.js';

let folder;
let lockPath;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whittle-lock-'));
  lockPath = join(folder, 'setup.lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const plantLock = (owner, child) => {
  mkdirSync(lockPath);
  writeFileSync(join(lockPath, 'owner'), owner);
  if (child !== undefined) writeFileSync(join(lockPath, 'child'), child);
};

const endedProcess = async () => {
  const child = spawn(process.execPath, ['-e', '0']);
  const identity = processIdentity(child.pid);
  await once(child, 'exit');
  return identity;
};

describe('acquireLock', () => {
  it('lets one holder in at a time', async () => {
    const witness = join(folder, 'witness');
    const script = `
      import { writeFileSync } from 'node:fs';
      import { acquireLock } from ${JSON.stringify(new URL('./lock.js', import.meta.url).href)};
      const lock = await acquireLock(${JSON.stringify(lockPath)});
      console.log('in');
      setTimeout(() => {
        writeFileSync(${JSON.stringify(witness)}, 'out');
        lock.release();
      }, 400);`;
    const other = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(other.stdout, 'data');
    const lock = await acquireLock(lockPath);
    expect(readFileSync(witness, 'utf8')).toBe('out');
    lock.release();
    expect(existsSync(lockPath)).toBe(false);
  });

  it('takes over from a holder that was killed', async () => {
    plantLock(`${hostname()}\n${await endedProcess()}\n`);
    const lock = await acquireLock(lockPath);
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes a process that got the number of a killed holder for another one', async () => {
    plantLock(`${hostname()}\n${process.pid}@1\n`);
    const lock = await acquireLock(lockPath);
    lock.release();
  });

  it('waits for a command that outlived its holder', async () => {
    const command = spawn('sleep', ['60']);
    const identity = processIdentity(command.pid);
    plantLock(`${hostname()}\n${await endedProcess()}\n`, identity);
    let wasRunning;
    const lock = await acquireLock(lockPath, {
      onWait: () => {
        wasRunning = isRunning(identity);
        command.kill();
      },
    });
    expect(wasRunning).toBe(true);
    expect(isRunning(identity)).toBe(false);
    lock.release();
  });

  it('waits for a holder on another host while its heart beats, and no longer than it may', async () => {
    plantLock('elsewhere\n1@1\n');
    await expect(acquireLock(lockPath, { timeoutMs: 300 })).rejects.toThrow(/another set-up still holds/);
    expect(readdirSync(folder)).toEqual(['setup.lock']);
  });

  it('clears away what killed waiters left', async () => {
    mkdirSync(`${lockPath}.1`);
    writeFileSync(join(`${lockPath}.1`, 'owner'), `${hostname()}\n${await endedProcess()}\n`);
    const lock = await acquireLock(lockPath);
    expect(readdirSync(folder)).toEqual(['setup.lock']);
    lock.release();
  });
});

describe('processIdentity', () => {
  it('knows a running process and one that has ended', async () => {
    expect(isRunning(processIdentity(process.pid))).toBe(true);
    expect(isRunning(await endedProcess())).toBe(false);
    expect(isRunning('')).toBe(false);
  });
});
