import type { Dim, Id, Model } from '@whittle/core';

/** An input or output as its file has it, where the model orders axes in another way. */
export interface InFile {
  /** For each axis of the model, which one of the file's it is. */
  readonly axes: readonly number[];
  readonly shape: readonly Dim[];
}

/** How the file orders a value's axes, as readers note it under '<format>/axes/<id>'; undefined where as the model does. */
export function axesInFile(model: Model, id: Id): InFile | undefined {
  const noted = Object.entries(model.metadata).find(
    ([key]) => /^[^/]+\/axes\//.test(key) && idIn(key) === id,
  );
  const shape = model.values.get(id)?.shape;
  if (!noted || !shape) return undefined;
  const axes = noted[1].split(',').map(Number);
  const inFile = axes.map((_, axis) => shape[axes.indexOf(axis)]);
  const isPermutation = axes.length === shape.length && !inFile.includes(undefined as never);
  return isPermutation ? { axes, shape: inFile } : undefined;
}

const idIn = (key: string) => key.replace(/^[^/]+\/axes\//, '');

/** What images and sequences are called by the order of their axes; the numbers where they have no such name. */
export function orderNames({ axes }: InFile): { readonly file: string; readonly model: string } {
  const order = axes.join(', ');
  const known = [
    { order: '0, 2, 3, 1', file: 'NCHW', model: 'NHWC' },
    { order: '0, 2, 1', file: 'NCT', model: 'NTC' },
  ].find((each) => each.order === order);
  return known ?? { file: axes.map((_, axis) => axis).join(', '), model: order };
}
