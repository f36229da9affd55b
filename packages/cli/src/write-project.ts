import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { WhittleError } from '@whittle/core';
import type { Artifact } from '@whittle/core';
import { digestOf, encodeManifest, manifestName, readManifest } from './manifest.js';
import type { Manifest, Origin } from './manifest.js';
import { readIfThere, reasonOf } from './read-file.js';
import { writeArtifact } from './write-artifact.js';

export interface ProjectOptions {
  readonly origin: Origin;
  /** Whether to replace what no export wrote, and what was changed since. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
}

/** What became of a folder. */
export interface WrittenProject {
  /** By path, with `whittle.json`; those that were kept are not among them. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Files that were changed since the last export, and stay as they are. */
  readonly kept: readonly string[];
  /** Files of the last export that this one has not. */
  readonly removed: readonly string[];
}

/**
 * Writes an artifact into a folder of its own, with a list of its files. Files of the last export that this one lacks are
 * removed; changed starting points and changed files that this one lacks stay.
 * @throws FOLDER_OCCUPIED where it isn't empty and no export wrote it, where changes would be lost, or where it is configured
 * for another target; FORMAT_INVALID, FILE_UNREADABLE, FILE_UNWRITABLE, ABORTED
 */
export async function writeProject(
  artifact: Artifact,
  out: string,
  { origin, force = false, signal }: ProjectOptions,
): Promise<WrittenProject> {
  const last = await readManifest(out);
  if (!force) await expectOwn(out, last, origin);
  const { starting, lost } = await changedFiles(artifact, out, last);
  if (lost.length > 0 && !force)
    throw occupied(
      `${out} has files that were changed since they were exported and would be lost: ${listed(lost)}; --force replaces them`,
    );
  const keep = new Set(force ? [] : starting);
  const stale = await staleFiles(artifact, out, last);
  const manifest = encodeManifest(origin, artifact.files);
  const files = new Map([...artifact.files].filter(([path]) => !keep.has(path)));
  files.set(manifestName, manifest);
  await writeArtifact({ files }, out, signal);
  for (const path of stale.own) await removeFile(out, path);
  if (isConfiguredAnew(last, origin)) await forgetBuild(out);
  return { files, kept: [...keep, ...stale.changed], removed: stale.own };
}

/**
 * Finds out, before there is anything to write, whether a folder may become a project's: what `writeProject` finds but for changed
 * files. @throws FOLDER_OCCUPIED, FORMAT_INVALID, FILE_UNREADABLE
 */
export async function expectOwnFolder(
  out: string,
  { origin, force = false }: Pick<ProjectOptions, 'origin' | 'force'>,
): Promise<void> {
  const last = await readManifest(out);
  if (!force) await expectOwn(out, last, origin);
}

/** @throws FOLDER_OCCUPIED */
async function expectOwn(out: string, last: Manifest | undefined, origin: Origin): Promise<void> {
  const found = await filesIn(out);
  if (!last && found.length > 0)
    throw occupied(
      `${out} isn't empty, and has no ${manifestName} of an export: it holds ${listed(found)}; take another folder, or --force to write into this one`,
    );
  if (last && isConfiguredAnew(last, origin) && (await isThere(buildCache(out))))
    throw occupied(
      `${join(out, 'build')} is configured for ${last.target}, not ${origin.target}: take another folder, or --force to have it configured anew`,
    );
}

function isConfiguredAnew(last: Manifest | undefined, { target }: Origin): boolean {
  return last !== undefined && last.target !== target;
}

/** Files that would be written over what isn't the last export's. */
async function changedFiles(
  { files, startingPoints = [] }: Artifact,
  out: string,
  last: Manifest | undefined,
) {
  const starting: string[] = [];
  const lost: string[] = [];
  for (const [path, bytes] of files) {
    const there = await readIfThere(join(out, path));
    if (!there || Buffer.compare(there, bytes) === 0) continue;
    const known = last?.files[path];
    if (known === digestOf(there)) continue;
    (known !== undefined && startingPoints.includes(path) ? starting : lost).push(path);
  }
  return { starting, lost };
}

/** Files of the last export that this one has not: as it left them, and changed since. */
async function staleFiles({ files }: Artifact, out: string, last: Manifest | undefined) {
  const own: string[] = [];
  const changed: string[] = [];
  for (const [path, digest] of Object.entries(last?.files ?? {})) {
    const there = files.has(path) ? undefined : await readIfThere(join(out, path));
    if (there) (digestOf(there) === digest ? own : changed).push(path);
  }
  return { own, changed };
}

/** Removes a file, and its folder where nothing else is in it. */
async function removeFile(out: string, path: string): Promise<void> {
  try {
    await rm(join(out, path), { force: true });
    const folder = dirname(path);
    if (folder !== '.' && (await readdir(join(out, folder))).length === 0) await rmdir(join(out, folder));
  } catch (cause) {
    const reason = reasonOf(cause);
    throw new WhittleError('FILE_UNWRITABLE', `${join(out, path)} can't be removed: ${reason}`, { cause });
  }
}

const buildCache = (out: string) => join(out, 'build', 'CMakeCache.txt');

/** What CMake knows of the last target's compiler; the next `cmake -B build` begins anew. */
async function forgetBuild(out: string): Promise<void> {
  await rm(buildCache(out), { force: true });
  await rm(join(out, 'build', 'CMakeFiles'), { recursive: true, force: true });
}

async function filesIn(folder: string): Promise<string[]> {
  return (await isThere(folder)) && (await stat(folder)).isDirectory() ? (await readdir(folder)).sort() : [];
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Names listed in a message. */
const LISTED = 5;

function listed(names: readonly string[]): string {
  const others = names.length - LISTED;
  return `${names.slice(0, LISTED).join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
}

function occupied(message: string): WhittleError {
  return new WhittleError('FOLDER_OCCUPIED', message);
}
