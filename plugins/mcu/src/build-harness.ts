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
  /** For each case the objects of its model and of all kernels. */
  readonly objects: readonly (readonly string[])[];
}

/**
 * Compiles cases into one program in an empty folder; with `layers`, a function harness_layer_N is called before the N-th
 * layer of each model. @throws TARGET_UNAVAILABLE, TOOLCHAIN_FAILED, ABORTED
 */
export async function buildHarness(
  cases: readonly HarnessCase[],
  target: Target,
  folder: string,
  signal?: AbortSignal,
  layers = 0,
): Promise<BuiltHarness> {
  const { emulator } = target;
  const files = new Map<string, string>([['cases.c', casesSource(cases)]]);
  for (const [name, text] of await kernelFiles(cases.flatMap(({ program }) => program.kernels)))
    files.set(`kernels/${name}`, text);
  for (const each of cases)
    for (const [name, text] of each.sources.files) files.set(`${each.folder}/${name}`, text);
  const board = emulator?.board;
  const platform = board ? 'harness/platform_semihosting.c' : 'harness/platform_stdio.c';
  for (const path of [
    'harness/harness.h',
    'harness/harness_main.c',
    platform,
    ...(board ? boardFiles(board) : []),
  ])
    files.set(basename(path), await packageFile(path));
  if (layers > 0) for (const [name, text] of layerSources(layers)) files.set(name, text);
  await writeFiles(folder, files);

  const hooks = layers > 0 ? ['-include', 'layers.h'] : [];
  const compiled = { ...target, flags: [...target.flags, ...hooks] };
  const objects = await compileSources(files.keys(), compiled, folder, signal);
  const program = join(folder, board ? 'harness.elf' : 'harness');
  const script = board ? ['-T', 'link.ld', '-Wl,--gc-sections'] : [];
  const link = [...(emulator?.linkFlags ?? []), ...script];
  await runTool(target.compiler, [...target.flags, ...link, ...objects.values(), '-o', program], {
    cwd: folder,
    signal,
  });
  const kernels = [...objects].flatMap(([path, object]) => (path.startsWith('kernels/') ? [object] : []));
  return {
    program,
    objects: cases.map((each) => [objects.get(`${each.folder}/model.c`)!, ...kernels]),
  };
}
