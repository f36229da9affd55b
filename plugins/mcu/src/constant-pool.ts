import type { ConstantArray, PackedConstant, StructFields } from '@whittle/kernel-api';
import { NameScope } from './c-name.js';
import type { ProgramConstant, ProgramStruct } from './program.js';

/** Constants and structs of a program; equal ones are kept once. */
export class ConstantPool {
  readonly constants: ProgramConstant[] = [];
  readonly structs: ProgramStruct[] = [];
  readonly #names = new NameScope();
  readonly #structs = new Map<string, ProgramStruct>();

  constant(prefix: string, { name, section, data }: PackedConstant): ProgramConstant {
    const known = this.constants.find((c) => c.section === section && sameData(c.data, data));
    if (known) return known;
    const added = { symbol: this.#names.take(`${prefix}_${name}`), section, data };
    this.constants.push(added);
    return added;
  }

  struct(prefix: string, type: string, fields: StructFields): ProgramStruct {
    const key = JSON.stringify([type, fields]);
    const known = this.#structs.get(key);
    if (known) return known;
    const suffix = type.endsWith('_params') ? 'params' : type.replace(/^whittle_/, '');
    const added = { symbol: this.#names.take(`${prefix}_${suffix}`), type, fields };
    this.#structs.set(key, added);
    this.structs.push(added);
    return added;
  }
}

function sameData(a: ConstantArray, b: ConstantArray): boolean {
  if (a.constructor !== b.constructor || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
