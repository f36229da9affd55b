import { displayName, formatShape } from '@whittle/core';
import type { RunOutput } from '../run-outputs.js';

/** How many values of an output, and how many outputs, are shown. */
const SHOWN = 8;

/** The first values of the first inference's outputs, a line each, or the files that hold them all. */
export function outputLines(runtime: string, outputs: readonly RunOutput[]): string[] {
  const lines = outputs.slice(0, SHOWN).map(({ name, dtype, shape, values, file }) => {
    const title = `${runtime}: ${displayName(name)} ${dtype}${formatShape(shape)}`;
    if (file !== undefined) return `${title}: ${file}`;
    return values ? `${title}: ${firstValues(values[0])}` : `${title}: --out FOLDER writes it`;
  });
  return outputs.length > SHOWN ? [...lines, `${runtime}: ${outputs.length - SHOWN} more outputs`] : lines;
}

function firstValues(values: readonly (number | string)[]): string {
  const shown = values
    .slice(0, SHOWN)
    .map((value) => (typeof value === 'number' ? Number(value.toPrecision(6)) : value));
  return `${shown.join(' ')}${values.length > SHOWN ? ' ...' : ''}`;
}
