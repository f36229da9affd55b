import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { formatTable } from '@whittle/cli';
import type { Bench, BenchRow } from './bench.js';

// `npm run bench -- [NAME [ARGUMENTS]] [--json]`: one bench of the folder `benches`, or all that need no arguments. Times are of
// this machine, and of what else it is doing: look at the ratios.
const folder = new URL('./benches/', import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => basename(file, '.ts'));
const given = process.argv.slice(2).filter((arg) => arg !== '--json');
const isJson = process.argv.includes('--json');
const [name, ...args] = given;
if (name !== undefined && !names.includes(name))
  throw new Error(`there is no bench '${name}', expected one of: ${names.join(', ')}`);

const say = (line: string) => console.error(line);
const rows: BenchRow[] = [];
for (const each of name === undefined ? names : [name]) {
  const { bench } = (await import(new URL(`${each}.ts`, folder).href)) as { bench: Bench };
  if (bench.needs !== undefined && args.length === 0) {
    if (name !== undefined) throw new Error(`usage: npm run bench -- ${each} ${bench.needs}`);
    say(`${each}: left out, as it needs ${bench.needs}`);
    continue;
  }
  rows.push(...(await bench.run(args, say)));
}
if (isJson) console.log(JSON.stringify({ rows }, undefined, 2));
else
  console.log(
    formatTable({
      head: ['work', 'ours, ms', 'peer', 'peer, ms', 'ratio'],
      rows: rows.map(({ work, oursMs, peer, peerMs, ratio }) => [work, oursMs, peer, peerMs, ratio]),
    }),
  );
