import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tables, unions } from './generated/layout.js';
import * as schema from './generated/tflite.js';

const libraries = fileURLToPath(new URL('../../../.cache/python/lib', import.meta.url));
const [shipped] = (existsSync(libraries) ? readdirSync(libraries) : [])
  .map((python) => `${libraries}/${python}/site-packages/ai_edge_litert/schema_py_generated.py`)
  .filter(existsSync);
const required = process.env.CI === 'true';

/** The code that LiteRT ships for its own schema, in Python: what each number means can be read off it. */
describe.skipIf(!shipped && !required)('the schema, compared with the one that LiteRT ships', () => {
  const source = shipped ? readFileSync(shipped, 'utf8') : '';

  it('numbers every member of every enum and union alike', () => {
    let members = 0;
    for (const [, name, body] of source.matchAll(/^class (\w+)\(object\):\n((?: {4}[A-Z]\w* = -?\d+\n)+)/gm))
      for (const [, member, number] of body.matchAll(/(\w+) = (-?\d+)/g)) {
        const found: unknown = Reflect.get(Reflect.get(schema, name) as object, member);
        expect(`${name}.${member} = ${String(found)}`).toBe(`${name}.${member} = ${number}`);
        members++;
      }
    expect(members).toBeGreaterThan(350);
    expect(unions.BuiltinOptions).toHaveLength(126);
  });

  it('has every field in the same slot of its table', () => {
    let fields = 0;
    const order = Object.keys(tables).sort((a, b) => b.length - a.length);
    const slots = /^def (\w+)\(builder, \w+\):\n {4}builder\.Prepend(\w+?)Slot\((\d+), .*?, (\S+)\)$/gm;
    for (const [, definition, , slot] of source.matchAll(slots)) {
      const table = order.find((name) => definition.startsWith(`${name}Add`));
      expect(table, definition).toBeDefined();
      const field = definition.slice(table!.length + 3).toLowerCase();
      expect(`${table}.${tables[table!][Number(slot)]?.[0].replaceAll('_', '')}`).toBe(`${table}.${field}`);
      fields++;
    }
    expect(fields).toBeGreaterThan(240);
    for (const [, table, count] of source.matchAll(
      /^def (\w+)Start\(builder\):\n {4}builder\.StartObject\((\d+)\)/gm,
    ))
      expect(`${table} ${tables[table].length}`).toBe(`${table} ${count}`);
  });
});
