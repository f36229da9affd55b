import { optimizations } from '@whittle/mcu';
import { usageInvalid } from './usage.js';

/** What `--optimize` was given. @throws USAGE_INVALID */
export function expectOptimization(text: string | undefined): string | undefined {
  if (text === undefined || (optimizations as readonly string[]).includes(text)) return text;
  throw usageInvalid(`--optimize: found '${text}', expected one of: ${optimizations.join(', ')}`);
}
