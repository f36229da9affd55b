import { WhittleError } from './errors.js';
import type { Dim } from './model.js';

/**
 * Whole shapes of a model's inputs, as their file orders axes, for files that leave extents open: by the name of the input, or
 * one shape alone for a model of one input. 'batch' leaves the size of the batch open.
 */
export type InputShapes = ReadonlyMap<string, readonly Dim[]> | readonly Dim[];

/** An input as its file describes it. */
export interface DescribedInput {
  readonly name: string;
  /** Another name that it goes by. */
  readonly alias?: string;
  /** Extents, undefined where they are open; undefined as a whole where not even the rank is known. */
  readonly shape: readonly (number | undefined)[] | undefined;
}

/**
 * The shapes of inputs, in order, from what the file says and what is told beside it. An open first extent that isn't told is
 * `batch`.
 * @throws OPTION_INVALID where what is told doesn't fit, SHAPE_OPEN where extents beyond the first are open and not told, with
 * all of them
 */
export function resolveInputShapes(
  inputs: readonly DescribedInput[],
  shapes: InputShapes = new Map(),
  batch: Dim = 'batch',
): Dim[][] {
  const told = toldShapes(inputs, shapes);
  const open = inputs.filter(({ shape }, i) => !told[i] && (!shape || shape.slice(1).includes(undefined)));
  if (open.length > 0) throw openError(open);
  return inputs.map((input, i) => resolve(input, told[i] ?? [], batch));
}

function toldShapes(inputs: readonly DescribedInput[], shapes: InputShapes): (readonly Dim[] | undefined)[] {
  const names = inputs.map(({ name }) => `'${name}'`).join(', ');
  if (!(shapes instanceof Map)) {
    if (inputs.length !== 1)
      throw invalid(`a shape without a name of an input, expected one of ${inputs.length}: ${names}`);
    return [shapes as readonly Dim[]];
  }
  const byName = shapes as ReadonlyMap<string, readonly Dim[]>;
  for (const name of byName.keys())
    if (!inputs.some((input) => input.name === name || input.alias === name))
      throw invalid(`a shape of '${name}', expected an input: ${names}`);
  return inputs.map(
    ({ name, alias }) => byName.get(name) ?? (alias === undefined ? alias : byName.get(alias)),
  );
}

function resolve({ name, shape }: DescribedInput, told: readonly Dim[], batch: Dim): Dim[] {
  const extents = shape ?? told.map(() => undefined);
  const fits = (dim: Dim, axis: number) => {
    const extent = extents[axis];
    if (dim === 'batch') return axis === 0 && extent === undefined;
    return Number.isSafeInteger(dim) && dim > 0 && (extent === undefined || extent === dim);
  };
  if (told.length > 0 && !(told.length === extents.length && told.every(fits)))
    throw invalid(
      `input '${name}' is told to be [${told.join(', ')}], expected what fits ${described(shape)}`,
    );
  return extents.map((extent, axis): Dim => {
    const dim = extent ?? told[axis] ?? 'batch';
    return dim === 'batch' ? batch : dim;
  });
}

function described(shape: DescribedInput['shape']): string {
  if (!shape) return 'extents of at least 1';
  return `[${shape.map((extent) => extent ?? '?').join(', ')}]`;
}

function openError(inputs: readonly DescribedInput[]): WhittleError {
  const lists = inputs.map(({ name, shape }) => {
    if (!shape) return `'${name}' (its rank is open too)`;
    const axes = shape.flatMap((extent, axis) => (extent === undefined && axis > 0 ? [axis] : []));
    return `'${name}' ${described(shape)} (${axes.length > 1 ? 'axes' : 'axis'} ${axes.join(', ')})`;
  });
  const [{ name, shape = [undefined, undefined] }] = inputs;
  const example = shape.map((extent, axis) => extent ?? (axis === 0 ? 1 : 'N')).join(',');
  return new WhittleError(
    'SHAPE_OPEN',
    `the file leaves extents of inputs open: ${lists.join(', ')}. Give whole shapes: as the option \`shapes\`, or on the command line with --shape '${name}=${example}'`,
  );
}

function invalid(message: string): WhittleError {
  return new WhittleError('OPTION_INVALID', `shapes: ${message}`);
}
