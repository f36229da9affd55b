import { z } from 'zod';
import { WhittleError } from '@whittle/core';

/** What a program is made small for: fewest instructions, least RAM, or least flash. */
export const optimization = z.enum(['speed', 'ram', 'flash']).default('speed');

const options = z.object({ optimize: optimization, layers: z.boolean().default(false) }).strict();

/** Options of a runtime: what programs are made small for, and whether each layer is measured too. */
export type RuntimeOptions = z.infer<typeof options>;

/** @throws OPTION_INVALID */
export function parseRuntimeOptions(
  target: { readonly name: string },
  given: Readonly<Record<string, unknown>> = {},
): RuntimeOptions {
  const parsed = options.safeParse(given);
  if (!parsed.success)
    throw new WhittleError('OPTION_INVALID', `${target.name}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
