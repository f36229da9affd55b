import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { reasonFor } from './run-command.js';

const LOCK_PATIENCE_MS = 5 * 60_000;
const LOCK_POLL_MS = 3_000;

/** Each package with a program that it brings, to look for where there is no dpkg; null for data and libraries. */
const PACKAGES = [
  { name: 'gcc-arm-none-eabi', program: 'arm-none-eabi-gcc' },
  { name: 'libnewlib-arm-none-eabi', program: null },
  { name: 'qemu-system-arm', program: 'qemu-system-arm' },
  { name: 'qemu-user', program: 'qemu-aarch64' },
  { name: 'gcc-aarch64-linux-gnu', program: 'aarch64-linux-gnu-gcc', onlyAcross: true },
  { name: 'libc6-dev-arm64-cross', program: null, onlyAcross: true },
  { name: 'dataset-fashion-mnist', program: null },
  { name: 'python3-venv', program: null },
  { name: 'cmake', program: 'cmake' },
  { name: 'clang', program: 'clang' },
  { name: 'lld', program: 'wasm-ld' },
  { name: 'chromium-headless-shell', program: 'chromium-headless-shell' },
  { name: 'fonts-dejavu-core', program: null },
];

/** An arm64 system has its own compiler for aarch64, and no packages to compile across. */
export const packagesFor = (architecture) =>
  PACKAGES.filter(({ onlyAcross }) => !(onlyAcross && architecture === 'arm64'));

/** The names that dpkg-query's lines (`NAME STATUS`) don't report as installed. */
export const missingFrom = (names, queryOutput) => {
  const installed = new Set(
    queryOutput
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return names.filter((name) => !installed.has(name));
};

const INSTALL = ['install', '--no-install-recommends', '--yes'];

/** The one command that a person with root has to run. */
export const commandFor = (missing, { halfDone, listsMissing }) =>
  [
    ...(halfDone ? ['dpkg --configure -a'] : []),
    ...(listsMissing ? ['apt-get update'] : []),
    `apt-get install --no-install-recommends ${missing.join(' ')}`,
  ]
    .map((command) => `sudo ${command}`)
    .join(' && ');

const onPath = (program) =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .some((folder) => folder !== '' && existsSync(join(folder, program)));

const output = (command, args) => {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch (error) {
    return String(error.stdout ?? ''); // dpkg-query fails when any one of the packages is unknown, and still lists the others
  }
};

const hasDpkg = () => onPath('dpkg-query') && onPath('apt-get');

const missingPackages = () => {
  const packages = packagesFor(process.arch);
  if (!hasDpkg())
    return packages.filter(({ program }) => program !== null && !onPath(program)).map(({ name }) => name);
  const names = packages.map(({ name }) => name);
  return missingFrom(
    names,
    output('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\\n', ...names]),
  );
};

const namesIn = (folder) => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

const isHalfDone = () =>
  namesIn('/var/lib/dpkg/updates').some((name) => /^\d+$/.test(name)) || output('dpkg', ['--audit']) !== '';

const areListsMissing = () => !namesIn('/var/lib/apt/lists').some((name) => /_Packages/.test(name));

/** Runs apt-get or dpkg, and again while another package manager holds the lock. */
const runUnlocked = async ({ report, run }, command, args) => {
  const deadline = Date.now() + LOCK_PATIENCE_MS;
  for (let waited = false; ; waited = true) {
    const result = await run(command, args, { env: { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' } });
    const locked =
      !result.ok &&
      /could not get lock|unable to (?:acquire|lock)|locked by another process/i.test(result.output);
    if (!locked || Date.now() > deadline) return result;
    if (!waited) report.line('Debian packages: waiting for another package manager to finish');
    await sleep(LOCK_POLL_MS);
  }
};

const repair = async (context) => {
  context.report.line('Debian packages: finishing an interrupted installation (dpkg --configure -a)');
  const configured = await runUnlocked(context, 'dpkg', [
    '--configure',
    '-a',
    '--force-confdef',
    '--force-confold',
  ]);
  if (configured.ok && !isHalfDone()) return;
  await runUnlocked(context, 'apt-get', ['--fix-broken', ...INSTALL]);
};

const update = (context) => {
  context.report.line('Debian packages: apt-get update');
  return runUnlocked(context, 'apt-get', ['update', '-o', 'Acquire::Retries=2']);
};

const installNow = (context, names) =>
  runUnlocked(context, 'apt-get', [
    ...INSTALL,
    '-o',
    `DPkg::Lock::Timeout=${LOCK_PATIENCE_MS / 1000}`,
    '-o',
    'Acquire::Retries=2',
    ...names,
  ]);

const installAsRoot = async (context, missing) => {
  if (isHalfDone()) await repair(context);
  let updated;
  if (areListsMissing()) updated = await update(context);
  context.report.line(`Debian packages: apt-get install ${missing.join(' ')}`);
  let result = await installNow(context, missing);
  if (result.ok) return;
  if (isHalfDone()) await repair(context);
  updated ??= await update(context);
  if (updated.ok) result = await installNow(context, missing);
  if (result.ok) return;
  if (updated.ok && missing.length > 1) for (const name of missing) await installNow(context, [name]);
  const left = missingPackages();
  if (left.length > 0) {
    const reason = reasonFor('apt-get', updated.ok ? result : updated);
    context.report.gap('Debian packages', `${left.join(', ')}: ${reason}`);
  }
};

const install = async (context) => {
  const missing = missingPackages();
  if (!hasDpkg()) {
    const reason = 'this is not Debian or Ubuntu (no apt-get); install what your system calls these packages';
    return context.report.gap('Debian packages', `${missing.join(', ')}: ${reason}`);
  }
  if (process.getuid?.() !== 0) {
    const command = commandFor(missing, { halfDone: isHalfDone(), listsMissing: areListsMissing() });
    return context.report.gap('Debian packages', `${missing.join(', ')} need root; run\n    ${command}`);
  }
  await installAsRoot(context, missing);
};

export const debianPackages = {
  name: 'Debian packages',
  isDone: () => missingPackages().length === 0,
  install,
};
