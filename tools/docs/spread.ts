/**
 * Writes what the README says of the quickstart over several seeds, from the reports that `npm run quickstart -- --seed N --out
 * FOLDER` leaves: `npm run docs:spread -- FOLDER...`, a folder for each seed.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeSpread, replaceSpread } from './describe-spread.js';
import type { SeedReport } from './describe-spread.js';
import { writeFormatted } from './write-formatted.js';

const folders = process.argv.slice(2);
if (folders.length === 0) throw new Error('expected the folders of runs of the quickstart');
const reports = await Promise.all(
  folders.map(
    async (folder) => JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as SeedReport,
  ),
);
const path = 'README.md';
const text = replaceSpread(await readFile(path, 'utf8'), describeSpread(reports));
await writeFormatted(path, text);
