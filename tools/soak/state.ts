import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** How far a soak run is, and what failed so far. */
export interface SoakState {
  /** Random models that were checked, from the first seed on. */
  models: number;
  /** Of the models that were compiled, the seed to go on with, and how many there were. */
  compiled: { next: number; count: number };
  /** Seeds of each suite that were compared, and their cases, by runtime. */
  kernels: Record<string, { readonly seeds: number; readonly cases: number }>;
  /** Mutations that were read, by format and file. */
  mutations: Record<string, number>;
  /** One line each, with the seed. */
  failures: string[];
}

export function emptyState(from: number): SoakState {
  return { models: 0, compiled: { next: from, count: 0 }, kernels: {}, mutations: {}, failures: [] };
}

/** What an earlier run left, or nothing done. */
export function readState(path: string, from: number): SoakState {
  try {
    return { ...emptyState(from), ...(JSON.parse(readFileSync(path, 'utf8')) as Partial<SoakState>) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return emptyState(from);
    throw error;
  }
}

/** Written whole: a run may be stopped at any time. */
export function writeState(path: string, state: SoakState): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, JSON.stringify(state, undefined, 1));
  renameSync(`${path}.new`, path);
}
