import { WhittleError } from './errors.js';
import type { NodeView, OpDefinition } from './op.js';
import { formatShape } from './model.js';

/** Names a way to lower ops. Declared where the function's type belongs (train, int8, tflite-schema, kernel-api). */
export interface LoweringKey<F> {
  readonly name: string;
  /** Carries the function's type; never set. */
  readonly lowers?: F;
}

export function loweringKey<F>(name: string): LoweringKey<F> {
  return { name };
}

/** One op's lowering for one key, loaded when it is first needed. */
export interface Lowering<F = unknown> {
  readonly key: LoweringKey<F>;
  readonly op: { readonly name: string; readonly version: number };
  load(): F | Promise<F>;
}

/** Attaches a lowering to an op: `lower(TRAIN, adderConv2d, () => import('./train.js').then((m) => m.adderConv2d))`. */
export function lower<F, A>(
  key: LoweringKey<F>,
  op: OpDefinition<A>,
  load: () => F | Promise<F>,
): Lowering<F> {
  return { key, op: { name: op.name, version: op.version }, load };
}

/** Lowerings by key and op. Later ones replace earlier ones only through `override`. */
export class LoweringTable {
  readonly #table = new Map<string, Lowering>();

  constructor(lowerings: Iterable<Lowering> = []) {
    for (const lowering of lowerings) {
      const id = tableKey(lowering.key, lowering.op);
      if (this.#table.has(id))
        throw new WhittleError(
          'PLUGIN_DUPLICATE',
          `two lowerings '${lowering.key.name}' of op ${lowering.op.name} (version ${lowering.op.version})`,
        );
      this.#table.set(id, lowering);
    }
  }

  /** Whether the op has a lowering of this key. */
  has<F>(key: LoweringKey<F>, op: { readonly name: string; readonly version: number }): boolean {
    return this.#table.has(tableKey(key, op));
  }

  /** Loads the lowering. @throws OP_UNSUPPORTED with op, dtype and shapes where there is none. */
  async get<F>(
    key: LoweringKey<F>,
    op: Pick<OpDefinition, 'name' | 'version'>,
    n: NodeView<unknown>,
  ): Promise<F> {
    const lowering = this.#table.get(tableKey(key, op));
    if (!lowering) throw unsupported(key.name, op, n);
    return (await lowering.load()) as F;
  }
}

/** The error for an op that a backend lacks: names op, node, dtypes and shapes. */
export function unsupported(by: string, op: { readonly name: string }, n: NodeView<unknown>): WhittleError {
  const types = n.inputs.map((type) => `${type.dtype}${formatShape(type.shape)}`).join(', ');
  return new WhittleError('OP_UNSUPPORTED', `${n.name}: ${by} has no ${op.name} for (${types})`, {
    node: n.name,
  });
}

function tableKey(
  key: LoweringKey<unknown>,
  op: { readonly name: string; readonly version: number },
): string {
  return `${key.name} ${op.name} ${op.version}`;
}
