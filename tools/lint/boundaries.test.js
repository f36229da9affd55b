import { ESLint } from 'eslint';
import { beforeAll, describe, expect, it } from 'vitest';

import { repositoryRoot } from '../setup/paths.js';
import { createProjectGraph, eslint } from './eslint.js';

const linter = new ESLint({ cwd: repositoryRoot });

beforeAll(async () => {
  expect(await createProjectGraph()).toBeUndefined();
});

/** The rules that a file with this text would break; it is never written, so nothing else can trip over it. */
const rulesBroken = async (path, source) => {
  const [{ messages }] = await linter.lintText(source, { filePath: path });
  return messages.map(({ ruleId }) => ruleId);
};

const BOUNDARIES = '@nx/enforce-module-boundaries';

describe('module boundaries', () => {
  it.each([
    ['a plugin that imports a plugin', 'plugins/slimming/src/planted.ts', '@whittle/quantization'],
    ['core that imports a package', 'packages/core/src/planted.ts', '@whittle/int8'],
    ['a package that imports a plugin', 'packages/testkit/src/planted.ts', '@whittle/tflite'],
    ['a package that imports one above it', 'packages/int8/src/planted.ts', '@whittle/kernel-api'],
    ['the way around by a relative path', 'packages/train/src/planted.ts', '../../int8/src/index.js'],
  ])('reports %s', async (_, path, imported) => {
    expect(await rulesBroken(path, `import '${imported}';\n`)).toEqual([BOUNDARIES]);
  });

  it.each([
    ['a plugin that imports packages', 'plugins/slimming/src/planted.ts', '@whittle/train'],
    ['an example that imports a plugin', 'examples/quickstart/planted.ts', '@whittle/slimming'],
    ['the command that imports a plugin', 'packages/cli/src/planted.ts', '@whittle/mcu'],
  ])('allows %s', async (_, path, imported) => {
    expect(await rulesBroken(path, `import '${imported}';\n`)).toEqual([]);
  });
});

describe('the lint command', () => {
  it('fails on a violation', async () => {
    const planted = ['--stdin', '--stdin-filename', 'plugins/slimming/src/planted.ts'];
    const result = await eslint(planted, { input: "import '@whittle/quantization';\n" });
    expect(result.ok).toBe(false);
    expect(result.output).toContain(BOUNDARIES);
  });
});

describe('the style rules', () => {
  it.each([
    ['a default export', 'export default 1;', 'no-restricted-syntax'],
    ['an enum', 'export enum Kind { A }', 'no-restricted-syntax'],
    ['any', 'export const take = (x: any): number => x.y;', '@typescript-eslint/no-explicit-any'],
    [
      'a type that is imported as a value',
      "import { Stats } from 'node:fs';\nexport type Both = Stats;",
      '@typescript-eslint/consistent-type-imports',
    ],
    [
      'a silenced type error',
      '// @ts-ignore\nexport const x: string = 1;',
      '@typescript-eslint/ban-ts-comment',
    ],
  ])('report %s', async (_, source, rule) => {
    expect(await rulesBroken('packages/core/src/planted.ts', `${source}\n`)).toEqual([rule]);
  });

  it('hold whatever a comment in the file asks', async () => {
    const source = '/* eslint-disable */\nexport default 1;\n';
    expect(await rulesBroken('packages/core/src/planted.ts', source)).toContain('no-restricted-syntax');
  });
});
