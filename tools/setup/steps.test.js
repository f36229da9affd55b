import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { commandFor, missingFrom, packagesFor } from './debian-packages.js';
import { installedMatchesLock, npmPackages, requiredLocations } from './npm-packages.js';
import { pathsOf } from './paths.js';
import { choosePython, isSupported } from './python-judges.js';
import { pluginApiOf } from './qemu-plugin.js';

describe('Debian packages', () => {
  it('counts a package that is unpacked but not configured as missing', () => {
    const output = 'qemu-user installed\nqemu-system-arm half-configured\npython3-venv not-installed\n';
    const names = ['qemu-user', 'qemu-system-arm', 'python3-venv', 'dataset-fashion-mnist'];
    expect(missingFrom(names, output)).toEqual(['qemu-system-arm', 'python3-venv', 'dataset-fashion-mnist']);
  });

  it('needs no cross-compiler for aarch64 on aarch64', () => {
    const names = (architecture) => packagesFor(architecture).map(({ name }) => name);
    expect(names('x64')).toContain('gcc-aarch64-linux-gnu');
    expect(names('arm64')).not.toContain('gcc-aarch64-linux-gnu');
    for (const everywhere of ['gcc-arm-none-eabi', 'clang', 'lld'])
      expect(names('arm64')).toContain(everywhere);
  });

  it('makes one command of what a person with root has to run', () => {
    expect(commandFor(['qemu-user'], { halfDone: false, listsMissing: false })).toBe(
      'sudo apt-get install --no-install-recommends qemu-user',
    );
    expect(commandFor(['a', 'b'], { halfDone: true, listsMissing: true })).toBe(
      'sudo dpkg --configure -a && sudo apt-get update && sudo apt-get install --no-install-recommends a b',
    );
  });
});

describe('npm packages', () => {
  const packages = {
    '': { name: 'root' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/a-darwin': { version: '1.0.0', integrity: 'sha512-b', optional: true },
    'node_modules/linked': { resolved: 'packages/linked', link: true },
  };
  const without = (name) =>
    Object.fromEntries(Object.entries(packages).filter(([location]) => location !== name));

  it('accepts what matches, with binaries for other systems absent', () => {
    expect(installedMatchesLock({ packages }, { packages: without('node_modules/a-darwin') })).toBe(true);
  });

  it('sees a missing package, another version and a missing link', () => {
    expect(installedMatchesLock({ packages }, { packages: without('node_modules/a') })).toBe(false);
    expect(installedMatchesLock({ packages }, { packages: without('node_modules/linked') })).toBe(false);
    const older = { ...packages, 'node_modules/a': { version: '0.9.0', integrity: 'sha512-c' } };
    expect(installedMatchesLock({ packages }, { packages: older })).toBe(false);
  });

  it('looks on disk for all but the optional ones', () => {
    expect(requiredLocations({ packages }, undefined)).toEqual(['node_modules/a', 'node_modules/linked']);
  });

  it('looks on disk for binaries of this system, which npm says it installed', () => {
    const installed = { packages: { 'node_modules/a-linux': { version: '1.0.0' } } };
    expect(requiredLocations({ packages }, installed)).toContain('node_modules/a-linux');
    expect(requiredLocations({ packages }, installed)).not.toContain('node_modules/a-darwin');
  });

  it('requires development packages that something else has as optional ones', () => {
    const wanted = { 'node_modules/d': { version: '1.0.0', devOptional: true } };
    expect(requiredLocations({ packages: wanted }, undefined)).toEqual(['node_modules/d']);
    expect(installedMatchesLock({ packages: wanted }, { packages: {} })).toBe(false);
  });

  it('is not done where a package of the repository is not on disk, whatever npm has written', () => {
    const root = mkdtempSync(join(tmpdir(), 'whittle-npm-packages-'));
    const lock = { packages: { '': {}, 'node_modules/d': { version: '1.0.0', devOptional: true } } };
    const paths = pathsOf(root);
    const text = JSON.stringify(lock);
    mkdirSync(join(paths.nodeModules, 'd'), { recursive: true });
    writeFileSync(join(root, 'package-lock.json'), text);
    writeFileSync(join(paths.nodeModules, '.package-lock.json'), text);
    writeFileSync(join(paths.nodeModules, 'd', 'package.json'), '{}');
    expect(npmPackages.isDone({ paths })).toBe(true);
    rmSync(join(paths.nodeModules, 'd'), { recursive: true });
    expect(npmPackages.isDone({ paths })).toBe(false);
    rmSync(root, { recursive: true });
  });
});

describe('choosing a Python', () => {
  const python = (name, over) => ({
    python: name,
    version: [3, 11],
    venv: true,
    ensurepip: true,
    pip: true,
    ...over,
  });

  it('knows the versions that wheels exist for', () => {
    expect(
      [
        [3, 9],
        [3, 10],
        [3, 14],
        [3, 15],
        [2, 12],
      ].map(isSupported),
    ).toEqual([false, true, true, false, false]);
  });

  it('takes the first that can make a complete environment', () => {
    const found = [python('old', { version: [3, 8] }), python('bare', { ensurepip: false }), python('good')];
    expect(choosePython(found)).toEqual({ python: 'good', pipFrom: undefined });
  });

  it('borrows pip where the environment cannot bring its own', () => {
    const found = [python('bare', { ensurepip: false, pip: false }), python('old', { version: [3, 8] })];
    expect(choosePython(found)).toEqual({ python: 'bare', pipFrom: 'old' });
  });

  it('gives up without pip, and without a Python', () => {
    expect(choosePython([python('bare', { ensurepip: false, pip: false })])).toBeUndefined();
    expect(choosePython([])).toBeUndefined();
  });
});

describe('the plugin interface of QEMU', () => {
  it.each([
    ['QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7)', 1],
    ['QEMU emulator version 8.2.2', 1],
    ['QEMU emulator version 10.0.2', 2],
    ['command not found', undefined],
  ])('of %s', (text, api) => {
    expect(pluginApiOf(text)).toBe(api);
  });
});
