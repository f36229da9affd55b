import type { Id } from './model.js';

/**
 * Inputs or outputs with what callers call them, where that isn't the id. Names that aren't distinct, or empty, name nothing.
 */
export function namedEnds(
  ids: readonly Id[],
  names: readonly (string | undefined)[],
): { readonly id: Id; readonly name?: string }[] {
  const called = ids.map((id, i) => names[i] ?? id);
  const areDistinct = !called.includes('') && new Set(called).size === called.length;
  return ids.map((id, i) => (areDistinct && called[i] !== id ? { id, name: called[i] } : { id }));
}
