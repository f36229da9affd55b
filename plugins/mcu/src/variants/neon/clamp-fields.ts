import type { ClampRange } from '@whittle/int8';

/** Bounds of a fused activation as kernels' parameters, as far as int8 reaches. */
export function clampFields({ clamp: { min, max } }: { readonly clamp: ClampRange }) {
  const inRange = (value: number) => Math.min(Math.max(value, -128), 127);
  return { min: inRange(min), max: inRange(max) };
}
