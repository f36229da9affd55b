import { readFile } from 'node:fs/promises';
import { writeFormatted } from '../docs/write-formatted.js';
import type { Experiment, ExperimentRow } from './experiment.js';
import { experimentPage } from './experiment-page.js';

/** What is kept of an experiment, in docs/experiments. */
export interface Results {
  readonly trainExamples: number;
  readonly testExamples: number;
  readonly rows: readonly ExperimentRow[];
}

const pathOf = (name: string, extension: string) => `docs/experiments/${name}.${extension}`;

/** What is there of an experiment: no rows where it was never run. */
export async function readResults(name: string): Promise<Results> {
  try {
    return JSON.parse(await readFile(pathOf(name, 'json'), 'utf8')) as Results;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { trainExamples: 0, testExamples: 0, rows: [] };
  }
}

/** Writes results and their page. */
export async function writeResults(name: string, experiment: Experiment, results: Results): Promise<void> {
  await writeFormatted(pathOf(name, 'json'), JSON.stringify(results));
  await writeFormatted(pathOf(name, 'md'), experimentPage(name, experiment, results));
}
