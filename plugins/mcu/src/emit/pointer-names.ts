import { bitsOf, displayName } from '@whittle/core';
import type { Id } from '@whittle/core';
import { NameScope } from '../c-name.js';
import { callsOf } from '../program.js';
import type { Program, ProgramArea, ProgramArgument, ProgramStep, ProgramValue } from '../program.js';

type Value = Extract<ProgramArgument, { kind: 'value' }>;
type ArenaPointer = Extract<ProgramArgument, { kind: 'arena' }>;

/** Names for what calls refer to, as pointers into the arena: values, rows of values that never are whole, scratch. */
export class PointerNames {
  readonly #scope = new NameScope();
  readonly #values = new Map<Id, string>();
  readonly #areas = new Map<string, string>();
  readonly #program: Program;
  readonly #used: ReadonlySet<Id>;

  constructor(program: Program) {
    // Structs and tables are in scope too: a local of the same name would hide them.
    for (const { symbol } of [...program.constants, ...program.structs]) this.#scope.take(symbol);
    this.#scope.take('model');
    this.#scope.take('i');
    this.#program = program;
    this.#used = new Set(
      program.steps
        .flatMap(callsOf)
        .flatMap((call) => call.arguments.flatMap((arg) => (arg.kind === 'value' ? [arg.id] : []))),
    );
  }

  /** A declaration of the value's pointer, or nothing where no call refers to it. */
  declare(id: Id): string {
    const value = this.#program.values.get(id);
    if (!value || !this.#used.has(id)) return '';
    const name = this.#scope.take(displayName(id));
    this.#values.set(id, name);
    return declaration(pointerType(value.type), name, value.offset);
  }

  /** Declarations of the scratch and the rows that a step's calls refer to. */
  declareAreas(step: ProgramStep): string {
    const lines: string[] = [];
    for (const argument of callsOf(step).flatMap((call) => call.arguments)) {
      const area = argument.kind === 'arena' ? argument.area : undefined;
      if (!area || this.#areas.has(keyOf(area))) continue;
      const name = this.#scope.take(`${displayName(area.id)}_${area.kind}`);
      this.#areas.set(keyOf(area), name);
      lines.push(declaration(this.#areaType(area), name, area.offset));
    }
    return lines.join('');
  }

  /** A pointer some bytes into a value. */
  at({ id, offset, stride }: Value): string {
    const name = this.#values.get(id);
    if (name === undefined) throw new Error(`value '${id}' is used before it is computed`);
    return `${name}${offsetText(offset, stride, elementBytes(this.#program.values.get(id)!))}`;
  }

  /** A pointer into the arena, to what is no value. */
  inArena({ offset, stride, area }: ArenaPointer): string {
    const name = area && this.#areas.get(keyOf(area));
    if (!area || name === undefined) return `(void *)(arena${offsetText(offset, stride, 1)})`;
    const from = offset - area.offset;
    if (area.kind === 'rows') return `${name}${offsetText(from, stride, elementBytes(this.#rowsOf(area)))}`;
    const text = offsetText(from, stride, 1);
    return text === '' ? `(void *)${name}` : `(void *)(${name}${text})`;
  }

  #areaType(area: ProgramArea): string {
    return area.kind === 'rows' ? pointerType(this.#rowsOf(area).type) : 'int8_t';
  }

  #rowsOf({ id }: ProgramArea): Pick<ProgramValue, 'type'> {
    return { type: this.#program.model.values.get(id)! };
  }
}

function keyOf({ kind, id }: ProgramArea): string {
  return `${kind} ${id}`;
}

function declaration(type: string, name: string, offset: number): string {
  return type === 'int8_t'
    ? `  int8_t *const ${name} = arena + ${offset};\n`
    : `  ${type} *const ${name} = (${type} *)(void *)(arena + ${offset});\n`;
}

/** What kernels take the value's elements as: bytes unless they are wider. */
function pointerType({ dtype }: ProgramValue['type']): string {
  if (dtype === 'float32') return 'float';
  return dtype === 'int16' || dtype === 'int32' ? `${dtype}_t` : 'int8_t';
}

function elementBytes({ type: { dtype } }: Pick<ProgramValue, 'type'>): number {
  return bitsOf(dtype) / 8;
}

function offsetText(offset: number, stride: number, size: number): string {
  const fixed = offset === 0 ? '' : ` + ${offset / size}`;
  if (stride === 0) return fixed;
  return `${fixed} ${stride < 0 ? '-' : '+'} i * ${Math.abs(stride) / size}`;
}
