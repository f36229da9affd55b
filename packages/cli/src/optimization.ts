import { WhittleError } from '@whittle/core';
import { optimizations } from '@whittle/mcu';

/** What `--optimize` was given. @throws OPTION_INVALID */
export function expectOptimization(text: string | undefined): string | undefined {
  if (text === undefined || (optimizations as readonly string[]).includes(text)) return text;
  throw new WhittleError(
    'OPTION_INVALID',
    `--optimize: expected ${optimizations.join(', ')}; found '${text}'`,
  );
}
