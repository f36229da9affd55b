import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { casesSource } from './harness-sources.js';
import type { HarnessCase } from './harness-sources.js';
import { kernelFiles } from './kernel-files.js';
import type { Target } from './targets/index.js';
import { runTool } from './tool.js';
import { writeFiles } from './work-folder.js';

/** Compilers at work at the same time. */
const COMPILERS = 2;

export interface BuiltHarness {
  readonly program: string;
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
  const kernels = await kernelFiles(cases.flatMap(({ program }) => program.kernels));
  const files = new Map<string, string>([['cases.c', casesSource(cases)]]);
  for (const [name, text] of kernels) files.set(`kernels/${name}`, text);
  for (const each of cases)
    for (const [name, text] of each.sources.files) files.set(`${each.folder}/${name}`, text);
  const platform = target.emulator ? 'platform_semihosting.c' : 'platform_stdio.c';
  const harness = ['harness.h', 'harness_main.c', platform];
  for (const name of harness) files.set(name, await packageFile(`harness/${name}`));
  const board = target.emulator ? [`boards/${target.emulator.board}/startup.c`] : [];
  for (const path of board) files.set(basename(path), await packageFile(path));
  if (target.emulator) files.set('link.ld', await packageFile(`boards/${target.emulator.board}/link.ld`));
  await writeFiles(folder, files);

  const compile = async (source: string): Promise<string> => {
    const object = join(folder, source.replace(/c$/, 'o'));
    const flags = [...target.flags, '-std=c11', '-ffunction-sections', '-fdata-sections', '-I', 'kernels'];
    const { compilerHint: hint } = target;
    await runTool(target.compiler, [...flags, '-c', source, '-o', object], { cwd: folder, signal, hint });
    return object;
  };
  const sources = [...files.keys()].filter((path) => path.endsWith('.c'));
  const objects = new Map<string, string>();
  await inParallel(sources, COMPILERS, async (source) => void objects.set(source, await compile(source)));

  const program = join(folder, target.emulator ? 'harness.elf' : 'harness');
  const link = target.emulator ? [...target.emulator.linkFlags, '-T', 'link.ld', '-Wl,--gc-sections'] : [];
  await runTool(target.compiler, [...target.flags, ...link, ...objects.values(), '-o', program], {
    cwd: folder,
    signal,
  });
  const ofKernels = [...objects].flatMap(([path, object]) => (path.startsWith('kernels/') ? [object] : []));
  return {
    program,
    objects: cases.map((each) => [objects.get(`${each.folder}/model.c`)!, ...ofKernels]),
  };
}

async function packageFile(path: string): Promise<string> {
  return readFile(new URL(`../${path}`, import.meta.url), 'utf8');
}

/** Works through a list, a few items at a time. */
export async function inParallel<T>(
  items: readonly T[],
  workers: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}
