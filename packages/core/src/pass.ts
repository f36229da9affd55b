import type { z } from 'zod';
import type { ZodType } from 'zod';
import { WhittleError } from './errors.js';
import type { Evaluator } from './evaluator.js';
import type { Model } from './model.js';
import type { LoweringTable } from './lowering.js';
import type { Aspect, Property } from './property.js';
import type { Random } from './random.js';

/** Shows how far a step is. */
export interface ProgressTask {
  /** `done` steps in all are complete; `note` is a short text beside the bar, such as the loss. */
  update(done: number, note?: string): void;
  finish(): void;
}

/** Starts a progress display of `total` steps. */
export type Progress = (title: string, total: number) => ProgressTask;

/** What a pass is given beside the model and its own options. */
export interface PassContext {
  readonly log: (message: string) => void;
  readonly progress: Progress;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly evaluator: Evaluator;
  readonly lowerings: LoweringTable;
}

/** A pass's result: the model, alone or with figures worth telling. */
export type PassResult =
  Model | { readonly model: Model; readonly report?: Readonly<Record<string, unknown>> };

export type PassName = `${string}/${string}`;

/** A function from a model to a model, with what it needs, changes and makes true. Keeps no state between runs. */
export interface Pass {
  readonly name: PassName;
  readonly changes: readonly Aspect[];
  readonly requires?: readonly Property[];
  readonly establishes?: readonly Property[];
  readonly preserves?: readonly Property[];
  /** The very same model object where nothing changed. */
  run(model: Model, context: PassContext): PassResult | Promise<PassResult>;
}

/** How a pass is declared: options are a zod schema, checked when the pass is made. */
export interface PassDefinition<Schema extends ZodType> {
  readonly name: PassName;
  /** One sentence on what it does, for generated tables. */
  readonly description: string;
  readonly options: Schema;
  readonly changes: readonly Aspect[];
  requires?(options: z.output<Schema>): readonly Property[];
  establishes?(options: z.output<Schema>): readonly Property[];
  preserves?(options: z.output<Schema>): readonly Property[];
  run(model: Model, context: PassContext, options: z.output<Schema>): PassResult | Promise<PassResult>;
}

/** A kind of pass by its definition alone, whatever its options: what a plugin lists. */
export interface PassListing {
  readonly definition: PassDefinition<ZodType>;
}

/** Makes passes from options, and shows the definition that they come from. */
export interface PassFactory<Schema extends ZodType = ZodType> {
  (options: z.input<Schema>): Pass;
  readonly definition: PassDefinition<Schema>;
}

/** A factory whose options may be left out. */
export interface OptionalPassFactory<Schema extends ZodType = ZodType> extends PassFactory<Schema> {
  (options?: z.input<Schema>): Pass;
}

/**
 * Declares a pass: `definePass({ name: 'slimming/prune-channels', options: z.object({ ratio: ... }), ... })` gives a
 * function from options to a `Pass`. @throws OPTION_INVALID from that function, naming pass, option and what was found
 */
export function definePass<Schema extends ZodType>(
  definition: PassDefinition<Schema>,
): undefined extends z.input<Schema> ? OptionalPassFactory<Schema> : PassFactory<Schema> {
  const create = (input: z.input<Schema>): Pass => {
    const options = parseOptions(definition.options, input, definition.name);
    return {
      name: definition.name,
      changes: definition.changes,
      requires: definition.requires?.(options),
      establishes: definition.establishes?.(options),
      preserves: definition.preserves?.(options),
      run: (model, context) => definition.run(model, context, options),
    };
  };
  return Object.assign(create, { definition }) as never;
}

/** Checks options against a schema. @throws OPTION_INVALID with one line for each option that is wrong */
export function parseOptions<Schema extends ZodType>(
  schema: Schema,
  input: unknown,
  where: string,
): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => {
    const option = issue.path.length > 0 ? `option '${issue.path.join('.')}'` : 'options';
    // What the schema library says of the type that it received is said better by the value itself.
    const expected = issue.message.replace(/, received \S+$/, '');
    return `${option}: ${expected}, found ${show(valueAt(input, issue.path))}`;
  });
  throw new WhittleError('OPTION_INVALID', `${where}: ${issues.join('; ')}`, {
    pass: where,
    cause: parsed.error,
  });
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    input,
  );
}

function show(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'number' || value === undefined) return String(value);
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
