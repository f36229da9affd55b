import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rename, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * Installs all packages in an empty folder as npm would from a registry: each is built and packed in a copy, so that the
 * checkout has no dist afterwards that it didn't have before, and sees of others only what its dependencies name.
 * Resolves to the packages' names.
 */
export async function installPacked(folder: string): Promise<string[]> {
  const copies = join(folder, 'copies');
  const tarballs = join(folder, 'tarballs');
  const modules = join(folder, 'app', 'node_modules');
  await Promise.all([copies, tarballs, modules].map((each) => mkdir(each, { recursive: true })));
  const packed: string[] = [];
  for (const source of await packageFolders()) {
    const copy = join(copies, basename(source));
    const kept = (path: string) => !['node_modules', 'dist'].includes(relative(source, path));
    await cp(source, copy, { recursive: true, filter: kept });
    build(source, copy);
    packed.push(copy);
  }
  await run('npm', ['pack', ...packed, '--pack-destination', tarballs]);
  const names: string[] = [];
  for (const tarball of await readdir(tarballs)) names.push(await install(join(tarballs, tarball), modules));
  return names;
}

async function packageFolders(): Promise<string[]> {
  const kinds = ['packages', 'plugins'];
  const found = await Promise.all(
    kinds.map(async (kind) => (await readdir(join(root, kind))).map((name) => join(root, kind, name))),
  );
  return found.flat();
}

/** Writes a package's dist as its `build` does, leaving out what only checks and describes types. */
function build(source: string, copy: string): void {
  const config = join(source, 'tsconfig.build.json');
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
  const parsed = ts.getParsedCommandLineOfConfigFile(config, undefined, host);
  if (!parsed || parsed.errors.length > 0) throw new Error(`${config} can't be read`);
  const unchecked = { declaration: false, noCheck: true, noLib: true, noResolve: true, types: [] };
  const options = { ...parsed.options, ...unchecked, outDir: join(copy, 'dist') };
  ts.createProgram(parsed.fileNames, options).emit();
}

/** Unpacks a package, and links what it depends on from the checkout. */
async function install(tarball: string, modules: string): Promise<string> {
  const unpacked = join(modules, basename(tarball, '.tgz'));
  await mkdir(unpacked);
  await run('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1']);
  const manifest = JSON.parse(await readFile(join(unpacked, 'package.json'), 'utf8')) as Manifest;
  const place = join(modules, manifest.name);
  await mkdir(dirname(place), { recursive: true });
  await rename(unpacked, place);
  for (const dependency of Object.keys(manifest.dependencies ?? {})) {
    if (dependency.startsWith('@whittle/')) continue;
    const link = join(place, 'node_modules', dependency);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(root, 'node_modules', dependency), link, 'junction');
  }
  return manifest.name;
}
