import { basename } from 'node:path';
import { boardFiles } from './board-files.js';
import { cIdentifier } from './c-name.js';
import { compileSources } from './compile.js';
import { cmakeLists } from './emit/cmake-lists.js';
import { mainSource } from './emit/main-source.js';
import { moduleFiles } from './emit/module-files.js';
import { kernelFiles } from './kernel-files.js';
import { measureSizes } from './measure-sizes.js';
import type { ModelSizes } from './measure-sizes.js';
import { packageFile } from './package-file.js';
import type { Program } from './program.js';
import { projectSources } from './project-sources.js';
import type { ProjectSources } from './project-sources.js';
import type { Target } from './targets/index.js';
import { withWorkFolder, writeFiles } from './work-folder.js';

/** A C project of one model for one target. */
export interface Project {
  readonly program: Program;
  readonly target: Target;
  readonly sources: ProjectSources;
  /** By path; README.md is written last, by whoever knows the sizes. */
  readonly files: ReadonlyMap<string, string>;
}

/** The files of a project. Equal programs give equal bytes. */
export async function makeProject(program: Program, target: Target): Promise<Project> {
  const sources = projectSources(program, cIdentifier(program.model.name).toLowerCase());
  const { prefix, ports } = sources;
  const files = new Map<string, string>(sources.files);
  const { module } = target;
  for (const [name, text] of await kernelFiles(program.kernels)) files.set(`kernels/${name}`, text);
  const cmake = { prefix, target, sources: compiledFiles(files.keys()) };
  if (module) {
    for (const [path, text] of await moduleFiles(cmake, ports, module)) files.set(path, text);
  } else {
    files.set('main.c', mainSource(prefix, ports));
    files.set('CMakeLists.txt', cmakeLists(cmake));
  }
  if (target.emulator?.board)
    for (const path of boardFiles(target.emulator.board))
      files.set(`board/${basename(path)}`, await packageFile(path));
  return { program, target, sources, files };
}

/** Compiles the model and its kernels to see what they take. @throws TARGET_UNAVAILABLE, TOOLCHAIN_FAILED, ABORTED */
export function measureProject(
  { program, target, sources, files }: Project,
  signal?: AbortSignal,
): Promise<ModelSizes> {
  return withWorkFolder(async (folder) => {
    await writeFiles(folder, files);
    const objects = await compileSources(compiledFiles(files.keys()), target, folder, signal);
    return measureSizes(program, sources, target, [...objects.values()], folder);
  });
}

/** The model and its kernels, of a project's files. */
export function compiledFiles(paths: Iterable<string>): string[] {
  return [...paths].filter((path) => path === 'model.c' || /^kernels\/.*\.[cS]$/.test(path));
}
