import { z } from 'zod';
import { WhittleError } from '@whittle/core';

/** What a program is made small for: fewest instructions, least RAM, or least flash. */
export const optimization = z.enum(['speed', 'ram', 'flash']).default('speed');

const options = z.object({ optimize: optimization }).strict();

/** The option `optimize` of a runtime. @throws OPTION_INVALID */
export function parseOptimization(
  target: { readonly name: string },
  given: Readonly<Record<string, unknown>> = {},
): z.infer<typeof optimization> {
  const parsed = options.safeParse(given);
  if (!parsed.success)
    throw new WhittleError('OPTION_INVALID', `${target.name}: ${z.prettifyError(parsed.error)}`);
  return parsed.data.optimize;
}
