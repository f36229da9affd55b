import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { compileSources } from './compile.js';
import { boardFiles } from './board-files.js';
import { casesSource, layerSources } from './harness-sources.js';
import type { HarnessCase } from './harness-sources.js';
import { kernelFiles } from './kernel-files.js';
import { packageFile } from './package-file.js';
import type { Target } from './targets/index.js';
import { runTool } from './tool.js';
import { writeFiles } from './work-folder.js';

export interface BuiltHarness {
  readonly program: string;
  readonly folder: string;
  /** All objects, by source. */
  readonly sources: ReadonlyMap<string, string>;
  /** For each case the objects of its model and of all kernels. */
  readonly objects: readonly (readonly string[])[];
}

/** Compiles cases into one program in an empty folder. @throws TARGET_UNAVAILABLE, TOOLCHAIN_FAILED, ABORTED */
export async function buildHarness(
  cases: readonly HarnessCase[],
  target: Target,
  folder: string,
  signal?: AbortSignal,
): Promise<BuiltHarness> {
  const files = new Map<string, string>([['cases.c', casesSource(cases)]]);
  for (const [name, text] of await kernelFiles(cases.flatMap(({ program }) => program.kernels)))
    files.set(`kernels/${name}`, text);
  for (const each of cases)
    for (const [name, text] of each.sources.files) files.set(`${each.folder}/${name}`, text);
  const board = target.emulator?.board;
  const platform = board ? 'harness/platform_semihosting.c' : 'harness/platform_stdio.c';
  for (const path of [
    'harness/harness.h',
    'harness/harness_main.c',
    platform,
    ...(board ? boardFiles(board) : []),
  ])
    files.set(basename(path), await packageFile(path));
  await writeFiles(folder, files);

  const objects = await compileSources(files.keys(), target, folder, signal);
  const program = await link(objects.values(), target, folder, folder, signal);
  const kernels = [...objects].flatMap(([path, object]) => (path.startsWith('kernels/') ? [object] : []));
  return {
    program,
    folder,
    sources: objects,
    objects: cases.map((each) => [objects.get(`${each.folder}/model.c`)!, ...kernels]),
  };
}

/**
 * The same program of one case in a folder below its own, but for calls of a function harness_layer_N before the N-th
 * layer of its model. Returns its path. @throws TOOLCHAIN_FAILED, ABORTED
 */
export async function buildWithLayers(
  { folder, sources }: BuiltHarness,
  each: HarnessCase,
  target: Target,
  signal?: AbortSignal,
): Promise<string> {
  const model = `${each.folder}/model.c`;
  const hooked = `${each.folder}/model_layers.c`;
  const files = new Map(layerSources(each.program.steps.length));
  files.set(hooked, each.sources.files.get('model.c')!);
  await writeFiles(folder, files);
  const flags = [...target.flags, '-include', 'layers.h'];
  const objects = await compileSources(files.keys(), { ...target, flags }, folder, signal);
  const others = [...sources].flatMap(([path, object]) => (path === model ? [] : [object]));
  await mkdir(join(folder, 'layers'));
  return link([...others, ...objects.values()], target, folder, join(folder, 'layers'), signal);
}

/** Links objects to a program in the folder `to`. */
async function link(
  objects: Iterable<string>,
  { compiler, flags, emulator }: Target,
  folder: string,
  to: string,
  signal?: AbortSignal,
): Promise<string> {
  const program = join(to, emulator?.board ? 'harness.elf' : 'harness');
  const script = emulator?.board ? ['-T', 'link.ld', '-Wl,--gc-sections'] : [];
  const args = [...flags, ...(emulator?.linkFlags ?? []), ...script, ...objects, '-o', program];
  await runTool(compiler, args, { cwd: folder, signal });
  return program;
}
