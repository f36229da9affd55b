import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bind, LoweringTable } from '@whittle/core';
import type { Model } from '@whittle/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildProgram } from './build-program.js';
import { clangFlags } from './clang.fixture.js';
import { inParallel } from './compile.js';
import { integerNetwork } from './integer-network.fixture.js';
import { kernelLowerings } from './lowerings/index.js';
import { makeProject } from './project.js';
import { large, randomNetwork } from './random-network.fixture.js';
import { targets } from './targets/index.js';
import type { Target } from './targets/index.js';
import { runTool } from './tool.js';
import { present } from './tools.fixture.js';
import { writeFiles } from './work-folder.js';

const lowerings = new LoweringTable(kernelLowerings);
/** Each random one has every kind of layer that there is of them. */
const random = [
  randomNetwork(7),
  randomNetwork(7, large),
  randomNetwork(20, large),
  randomNetwork(22, undefined, 'int16'),
];
const models: readonly Model[] = [integerNetwork(), ...random];
const strict = ['-std=c11', '-pedantic', '-Wall', '-Wextra', '-Wconversion', '-Werror'];

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'whittle-warnings-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const written = new Map<Target, Promise<string[]>>();

/** Writes the projects of a target, those for speed and those for RAM, and tells their folders. */
function writeProjects(target: Target): Promise<string[]> {
  const known = written.get(target);
  if (known) return known;
  const made = (async () => {
    const folders: string[] = [];
    for (const [i, model] of models.entries())
      for (const optimize of ['speed', 'ram'] as const) {
        const context = { features: target.features, optimize };
        const program = await buildProgram(bind(model, { batch: 1 }), lowerings, context);
        const { files } = await makeProject(program, target);
        folders.push(join(folder, target.name, `${i}-${optimize}`));
        await writeFiles(folders[folders.length - 1], files);
      }
    return folders;
  })();
  written.set(target, made);
  return made;
}

/** The kernels' own sources are compiled by kernels.test.ts: here what is written around them, and their headers. */
async function compile(compiler: string, flags: readonly string[], target: Target): Promise<void> {
  const folders = await writeProjects(target);
  expect(folders).toHaveLength(2 * models.length);
  const sources = ['model.c', target.module ? 'module.c' : 'main.c'];
  await inParallel(folders, 2, async (cwd) => {
    await runTool(compiler, [...flags, ...strict, '-I', 'kernels', '-c', ...sources], { cwd });
  });
}

test('the networks have every kind of layer', () => {
  for (const { nodes, name } of random) expect(new Set(nodes.map(({ op }) => op)).size, name).toBe(6);
});

describe('projects compile without a warning', () => {
  for (const target of targets) {
    test.skipIf(!present(target.compiler))(
      `for ${target.name} by ${target.compiler} (skipped without it)`,
      () => compile(target.compiler, target.flags, target),
      120_000,
    );

    test.skipIf(!present('clang', target.compiler) || target.compiler === 'clang')(
      `for ${target.name} by clang (skipped without it, and without ${target.compiler})`,
      async () => {
        const flags = await clangFlags(target);
        expect(flags).toBeDefined();
        await compile('clang', flags!, target);
      },
      120_000,
    );
  }
});
