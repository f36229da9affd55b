import { basename, extname, join } from 'node:path';
import { WhittleError } from '@whittle/core';
import type { Artifact, Backend, Model, Registry } from '@whittle/core';
import { costRows, totalsOf } from '../cost-rows.js';
import type { KnownCost } from '../cost-rows.js';
import { expectOptimization } from '../optimization.js';
import { parseBytes } from '../parse-bytes.js';
import { parseShapes } from '../parse-shapes.js';
import { readModelFile } from '../read-model.js';
import { isSameFile } from '../same-file.js';
import type { Session } from '../session.js';
import { lookUp, printResult, showProgress } from '../session.js';
import { formatTable } from '../table.js';
import { checkUsage, usageInvalid } from '../usage.js';
import { whittleVersion } from '../version.js';
import { writeArtifact } from '../write-artifact.js';
import { expectWritableFolder } from '../write-place.js';
import { expectOwnFolder, writeProject } from '../write-project.js';
import type { WrittenProject } from '../write-project.js';

export interface ExportOptions {
  readonly target: string;
  readonly out: string;
  /** RAM and flash that the program may take, as given; the target's own where left out. */
  readonly ram?: string;
  readonly flash?: string;
  readonly optimize?: string;
  /** What the project is called; by the model's name, or its file's, where left out. */
  readonly name?: string;
  /** Whether to replace what no export wrote, and what was changed since. */
  readonly force?: boolean;
  /** Whether to list the files. */
  readonly verbose?: boolean;
  /** Shapes of inputs, as given. */
  readonly shape?: readonly string[];
}

/** `export MODEL --target TARGET --out DIR`: writes what a backend makes of a model. */
export async function exportModel(path: string, options: ExportOptions, session: Session): Promise<void> {
  const { out, force, verbose = false } = options;
  const { registry, signal } = session;
  const backend = lookUp('--target', 'target', registry.backends, options.target);
  const given = givenOptions(backend, options);
  checkUsage(() => backend.checkOptions?.(given));
  const shapes = parseShapes(options.shape);
  await expectFolder(backend, out, registry);
  const origin = { whittle: whittleVersion(), model: path, target: backend.target, options: given };
  if (backend.ownFolder) await expectOwnFolder(out, { origin, force });
  const { model } = await readModelFile(path, registry, shapes);
  const called = backend.options?.includes('name') ? nameOf(model, path, given.name) : {};
  const artifact = await showProgress(session, `export for ${backend.target}`, 1, () =>
    backend.emit(model, { lowerings: registry.lowerings, options: { ...given, ...called }, signal }),
  );
  const { files, kept, removed } = await write(backend, artifact, path, out, { origin, force, signal });
  const { main } = artifact;
  const report: ExportReport = artifact.report ?? {};
  const result = {
    model: path,
    target: backend.target,
    out,
    files: [...files].map(([file, { length }]) => ({ path: file, bytes: length })),
    ...(kept.length > 0 ? { kept } : {}),
    ...(removed.length > 0 ? { removed } : {}),
    main,
    report: { ...report, ...totalsOf(report) },
  };
  printResult(session, result, (each) => describe(each, verbose));
}

/** @throws USAGE_INVALID, for options that the target doesn't take too */
function givenOptions(backend: Backend, options: ExportOptions): Record<string, string | number> {
  const { ram, flash, optimize, name } = options;
  const all = {
    ram: ram === undefined ? undefined : parseBytes('--ram', ram),
    flash: flash === undefined ? undefined : parseBytes('--flash', flash),
    optimize: expectOptimization(optimize),
    name,
  };
  const given = Object.entries(all).filter(
    (entry): entry is [string, string | number] => entry[1] !== undefined,
  );
  const unknown = given.filter(([key]) => !backend.options?.includes(key)).map(([key]) => `--${key}`);
  if (unknown.length > 0) throw usageInvalid(`target ${backend.target} doesn't take ${unknown.join(', ')}`);
  return Object.fromEntries(given);
}

/** Readers call a graph that has no name of its own 'main', as converters do: then the file's name says more. */
function nameOf(model: Model, path: string, given: string | number | undefined): { name?: string | number } {
  if (given !== undefined) return { name: given };
  return ['', 'main'].includes(model.name) ? { name: basename(path, extname(path)) } : {};
}

/**
 * That the folder can be written, before the work. A new one with the name of a file is a mistake.
 * @throws USAGE_INVALID, FILE_UNWRITABLE
 */
async function expectFolder({ target }: Backend, out: string, { readers }: Registry): Promise<void> {
  if (await expectWritableFolder(out)) return;
  const endings = readers.find(({ format }) => format === target)?.extensions ?? [];
  if (endings.includes(extname(out).slice(1).toLowerCase()))
    throw usageInvalid(
      `--out: found '${out}', a file's name, expected a folder for model.${endings[0]}; whittle convert writes a file of any name`,
    );
}

/** A project has a folder of its own; a single file goes beside others. */
async function write(
  { ownFolder }: Backend,
  artifact: Artifact,
  model: string,
  out: string,
  options: Parameters<typeof writeProject>[2],
): Promise<WrittenProject> {
  if (ownFolder) return writeProject(artifact, out, options);
  for (const file of artifact.files.keys())
    if (!options.force && (await isSameFile(join(out, file), model)))
      throw new WhittleError(
        'FOLDER_OCCUPIED',
        `${join(out, file)} is the model itself: take another folder, or --force to replace it`,
      );
  await writeArtifact(artifact, out, options.signal);
  return { files: artifact.files, kept: [], removed: [] };
}

/** What is told of a backend's report; there may be more in it. */
interface ExportReport extends KnownCost {
  readonly optimize?: string;
  /** Sentences for people. */
  readonly notes?: readonly string[];
}

interface Export {
  readonly out: string;
  readonly main?: string;
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  readonly kept?: readonly string[];
  readonly removed?: readonly string[];
  readonly report: ExportReport;
}

function describe({ out, main, files, kept = [], removed = [], report }: Export, verbose: boolean): string {
  const rows = files.map(({ path, bytes }) => [path, bytes]);
  const sum = files.reduce((total, { bytes }) => total + bytes, 0);
  const figures = costRows(report);
  const title = report.optimize === undefined ? '' : `optimized for ${report.optimize}`;
  return [
    ...(verbose ? [formatTable({ head: ['file', 'bytes'], rows })] : []),
    ...(figures.length > 0 ? [formatTable({ head: [title, ''], rows: figures })] : []),
    ...(report.instructions === undefined
      ? []
      : ['instructions are counted in emulation, of an inference on zeros']),
    ...(report.notes ?? []),
    ...kept.map((path) => `kept: ${path}, which was changed since it was exported (--force replaces it)`),
    ...(removed.length > 0 ? [`removed: ${removed.length} files of the last export`] : []),
    files.length === 1
      ? `${files[0].path}, ${sum.toLocaleString('en-US')} bytes, in ${out}`
      : `${files.length} files in ${out}, to begin with ${main} and README.md${verbose ? '' : ' (--verbose lists them)'}`,
  ].join('\n');
}
