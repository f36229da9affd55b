import { z } from 'zod';
import { WhittleError } from '@whittle/core';
import { weightStorages } from './stored-weights.js';
import type { WeightStorage } from './stored-weights.js';

/** How a .tflite file is written. */
export interface TfliteOptions {
  /** Which tensors keep their names: `all`, or only the inputs and outputs of the model, which makes a smaller file. */
  readonly names?: 'all' | 'boundary';
  /** How float weights are stored; `float32` unless told. Read back they are float32, with the values that were stored. */
  readonly weights?: WeightStorage;
  /**
   * Whether to name inputs and outputs in a signature, and how it is called: unless a name is given, as the model's metadata has
   * it under 'tflite/signature', else `serving_default`. Its inputs and outputs have their names, or ids where they have none.
   */
  readonly signature?: boolean | string;
}

const schema = z.strictObject({
  names: oneOf(['all', 'boundary']).default('all'),
  weights: oneOf(weightStorages).default('float32'),
  signature: z
    .union([z.boolean(), z.string()], { error: 'expected a name, true or false' })
    .refine((value) => value !== '', { error: 'expected a name, true or false' })
    .default(true),
}) satisfies z.ZodType<Required<TfliteOptions>>;

/** Names of the options. */
export const tfliteOptionNames: readonly string[] = Object.keys(schema.shape);

/** Options with what they are unless told. @throws OPTION_INVALID: `NAME: found X, expected Y` for each that is wrong */
export function parseTfliteOptions(given: unknown): Required<TfliteOptions> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map(
          (key) => `${key}: found no such option, expected one of: ${tfliteOptionNames.join(', ')}`,
        )
      : [`${issue.path.join('.')}: found ${show(valueAt(given, issue.path[0]))}, ${issue.message}`],
  );
  throw new WhittleError('OPTION_INVALID', problems.join('; '), { plugin: 'tflite', cause: parsed.error });
}

function oneOf<T extends string>(values: readonly T[]) {
  return z.enum(values, { error: `expected one of: ${values.join(', ')}` });
}

function valueAt(options: unknown, key: PropertyKey): unknown {
  return (options as Readonly<Record<PropertyKey, unknown>>)[key];
}

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? typeof value);
}
