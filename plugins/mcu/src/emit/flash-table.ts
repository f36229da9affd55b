import type { ModelSizes } from '../measure-sizes.js';
import type { Program } from '../program.js';
import { markdownTable } from './markdown-table.js';

/** What flash holds besides weights: functions, where they were measured, and tables; largest first. */
export function flashTable({ constants }: Program, sizes: ModelSizes | undefined): string {
  const functions = (sizes?.functions ?? []).map(({ name, bytes }) => ({ name, bytes, what: 'code' }));
  const tables = constants
    .filter(({ section }) => section !== 'weights')
    .map(({ symbol, data }) => ({ name: symbol, bytes: data.byteLength, what: 'table' }))
    .sort((a, b) => b.bytes - a.bytes);
  const rows = [...functions, ...tables].map(({ name, bytes, what }) => [String(bytes), what, name]);
  return markdownTable(['bytes', 'what', 'name'], rows);
}
