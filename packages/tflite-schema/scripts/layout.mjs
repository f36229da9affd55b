import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The slots of every table in the schema, as TypeScript source, for the reader's bounds check. Reads the subset of the
 * schema language that the files in `directory` use: tables, enums with a base type, unions, no nested namespaces.
 */
export function layoutSource(directory) {
  const text = readdirSync(directory)
    .filter((file) => file.endsWith('.fbs'))
    .sort()
    .map((file) =>
      readFileSync(join(directory, file), 'utf8').replaceAll(/\/\/.*$|\(force_align: \d+\)/gm, ''),
    )
    .join('\n');
  const enums = new Map([...text.matchAll(/enum (\w+) : (\w+)/g)].map(([, name, base]) => [name, base]));
  const unions = new Map(
    [...text.matchAll(/union (\w+) \{([^}]*)\}/g)].map(([, name, list]) => [name, words(list)]),
  );
  const tables = [...text.matchAll(/table (\w+) \{([^}]*)\}/g)].map(([, name, body]) => {
    const slots = [...body.matchAll(/(\w+): (\[?)(\w+)\]?( \(deprecated\))?/g)].flatMap(
      ([, field, list, type, deprecated]) => {
        if (deprecated) return [[field, 'deprecated']];
        if (unions.has(type))
          return [
            [`${field}_type`, 'ubyte'],
            [field, `union ${type}`],
          ];
        return [[field, list ? `[${type}]` : type]];
      },
    );
    return [name, slots];
  });
  return [
    '// automatically generated from the schema, do not modify',
    '',
    '/** Slots of a table in order: field name and type. Lists stand in brackets. */',
    'export const tables: Readonly<Record<string, readonly (readonly [name: string, type: string])[]>> = {',
    ...tables.sort(byName).map(([name, slots]) => `  ${name}: ${JSON.stringify(slots)},`),
    '};',
    '',
    '/** The number type that holds an enum. */',
    'export const enums: Readonly<Record<string, string>> = {',
    ...[...enums].sort(byName).map(([name, base]) => `  ${name}: ${JSON.stringify(base)},`),
    '};',
    '',
    '/** Members of a union in order; the first has number 1. */',
    'export const unions: Readonly<Record<string, readonly string[]>> = {',
    ...[...unions].sort(byName).map(([name, members]) => `  ${name}: ${JSON.stringify(members)},`),
    '};',
    '',
  ].join('\n');
}

const words = (list) =>
  list
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
const byName = ([a], [b]) => (a < b ? -1 : 1);
