import type { Finding, Id, Model, Property } from '@whittle/core';
import { patch, WhittleError } from '@whittle/core';
import { z } from 'zod';
import type { Range } from './observers.js';
import { weightsDigest } from './weights-digest.js';

/** Where the ranges lie in a model's metadata, as JSON. */
export const RANGES_KEY = 'quantization/ranges';

const stored = z
  .object({ digest: z.string(), ranges: z.record(z.string(), z.tuple([z.number(), z.number()])) })
  .strict();

/** Ranges of activations, with the fingerprint of the weights that they were measured on. */
export interface CalibratedRanges {
  readonly digest: string;
  readonly ranges: ReadonlyMap<Id, Range>;
}

/** The ranges that a model carries, or undefined. @throws MODEL_INVALID where they can't be read */
export function readRanges(model: Model): CalibratedRanges | undefined {
  const text = model.metadata[RANGES_KEY];
  if (text === undefined) return undefined;
  const parsed = stored.safeParse(parseJson(text));
  if (!parsed.success)
    throw new WhittleError(
      'MODEL_INVALID',
      `${model.name}: metadata '${RANGES_KEY}' holds no calibrated ranges: ${parsed.error.issues[0].message}`,
    );
  return { digest: parsed.data.digest, ranges: new Map(Object.entries(parsed.data.ranges)) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The model with these ranges, measured on the weights that it has. */
export function withRanges(model: Model, ranges: ReadonlyMap<Id, Range>): Model {
  const text = JSON.stringify({ digest: weightsDigest(model), ranges: Object.fromEntries(ranges) });
  return patch(model, (edit) => edit.setMetadata({ ...model.metadata, [RANGES_KEY]: text }));
}

/** The values that are to be quantized: inputs and results of float32. */
export function floatValues(model: Model): Id[] {
  return [...model.values].filter(([, type]) => type.dtype === 'float32').map(([id]) => id);
}

/** Every float value of the model has a range, measured on the weights that the model has now. */
export const calibrated: Property = {
  name: 'calibrated',
  args: {},
  dependsOn: ['structure', 'weights'],
  check(model): Finding | undefined {
    const found = readRanges(model);
    if (!found) return { message: 'the model has no ranges: quantization/calibrate measures them' };
    const missing = floatValues(model).find((id) => !found.ranges.has(id));
    if (missing !== undefined)
      return {
        message: `'${missing}' has no range: calibrate again after a change of structure`,
        node: missing,
      };
    return found.digest === weightsDigest(model)
      ? undefined
      : { message: 'the ranges were measured on other weights: calibrate again' };
  },
};
