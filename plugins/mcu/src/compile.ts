import { join } from 'node:path';
import type { Target } from './targets/index.js';
import { runTool } from './tool.js';

/** Compilers at work at the same time. */
const COMPILERS = 2;

/**
 * Compiles the C and assembly files among `files`, which lie in `folder`, each to an object beside it; kernels/ is on the include path.
 * Returns object by source. @throws TARGET_UNAVAILABLE, TOOLCHAIN_FAILED, ABORTED
 */
export async function compileSources(
  files: Iterable<string>,
  { compiler, compilerHint, flags, emulator }: Target,
  folder: string,
  signal?: AbortSignal,
): Promise<Map<string, string>> {
  const objects = new Map<string, string>();
  const sources = [...files].filter((path) => /\.[cS]$/.test(path));
  for (const source of sources) objects.set(source, join(folder, source.replace(/[cS]$/, 'o')));
  await inParallel(sources, COMPILERS, async (source) => {
    const usage = emulator?.board ? ['-fstack-usage'] : [];
    const options = [
      ...flags,
      ...usage,
      '-std=c11',
      // What a call of a kernel may never do, and newer compilers refuse.
      '-Werror=incompatible-pointer-types',
      '-ffunction-sections',
      '-fdata-sections',
      '-I',
      'kernels',
    ];
    const args = [...options, '-c', source, '-o', objects.get(source)!];
    await runTool(compiler, args, { cwd: folder, signal, hint: compilerHint });
  });
  return objects;
}

/** Works through a list, a few items at a time. After a failure nothing new begins; it is thrown when all work has ended. */
export async function inParallel<T>(
  items: readonly T[],
  workers: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  let failed = false;
  const ends = await Promise.allSettled(
    Array.from({ length: workers }, async () => {
      for (const item of queue) {
        if (failed) return;
        await work(item).catch((error: unknown) => {
          failed = true;
          throw error;
        });
      }
    }),
  );
  const failure = ends.find((end) => end.status === 'rejected');
  if (failure) throw failure.reason;
}
