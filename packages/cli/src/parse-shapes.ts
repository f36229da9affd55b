import type { Dim, InputShapes, WhittleError } from '@whittle/core';
import { usageInvalid } from './usage.js';

/**
 * The shapes that `--shape` options tell: `INPUT=1,224,224,3`, or `1,224,224,3` for a model of one input. The first extent may be
 * `batch`, which leaves the number of examples open. @throws USAGE_INVALID
 */
export function parseShapes(options: readonly string[] = []): InputShapes | undefined {
  const shapes = new Map<string, readonly Dim[]>();
  for (const option of options) {
    // An input's name may have the sign in it, extents don't.
    const at = option.lastIndexOf('=');
    const shape = parseExtents(option, option.slice(at + 1));
    if (at < 0 && options.length === 1) return shape;
    const name = option.slice(0, Math.max(at, 0));
    if (name === '')
      throw invalid(option, 'expected INPUT=EXTENTS, as of several shapes each is of one input');
    if (shapes.has(name)) throw invalid(option, `a second shape of '${name}', expected one for each input`);
    shapes.set(name, shape);
  }
  return shapes.size > 0 ? shapes : undefined;
}

function parseExtents(option: string, text: string): Dim[] {
  return text.split(',').map((each, axis): Dim => {
    const extent = each.trim();
    if (extent === 'batch' && axis === 0) return extent;
    if (!/^[1-9]\d{0,9}$/.test(extent))
      throw invalid(option, `'${extent}', expected extents of at least 1 with commas between them`);
    return Number(extent);
  });
}

function invalid(option: string, message: string): WhittleError {
  return usageInvalid(`--shape ${option}: ${message}`);
}
