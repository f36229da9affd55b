import { concrete, formatShape, sameShape, sizeOf, tensor, typeOf, WhittleError } from '@whittle/core';
import type { Model, Tensor } from '@whittle/core';
import { sequenceInputs } from '@whittle/testkit';
import { axesInFile, orderNames } from './file-axes.js';
import { readNpy } from './npy.js';
import { readWholeFile } from './read-file.js';
import { usageInvalid } from './usage.js';

/** How many inputs `sequence:N` may ask for. */
const MOST_INPUTS = 1_000_000;

/** What `--input` asks for. */
export type InputSource =
  | { readonly kind: 'files'; readonly paths: readonly string[] }
  | { readonly kind: 'zeros' }
  | { readonly kind: 'sequence'; readonly count: number };

/** What `--input` options ask for, before there is a model. @throws USAGE_INVALID */
export function parseInputs(options: readonly string[]): InputSource {
  if (options.length > 0 && options.every((option) => option.endsWith('.npy')))
    return { kind: 'files', paths: options };
  if (options.length !== 1)
    throw usageInvalid(`--input may be given several times for .npy files only, found ${options.join(' ')}`);
  const [option] = options;
  if (option === 'zeros') return { kind: 'zeros' };
  const match = /^sequence(?::(\d+))?$/.exec(option);
  const count = Number(match?.[1] ?? 1);
  if (!match || count < 1 || count > MOST_INPUTS)
    throw usageInvalid(
      `--input: found '${option}', expected FILE.npy, zeros, sequence, or sequence:N with N from 1 to ${MOST_INPUTS}`,
    );
  return { kind: 'sequence', count };
}

/**
 * The inputs that `--input` names: for each inference one tensor for each input of the model.
 * - `sequence`: the pseudo-random input 1; `sequence:N`: inputs 1 to N
 * - `zeros`: one input of stored zeros
 * - `FILE.npy`, one for each input of the model: an array of the input's shape, or several along a first axis
 * @throws USAGE_INVALID, FILE_UNREADABLE, FORMAT_INVALID, SHAPE_MISMATCH
 */
export async function readInputs(options: readonly string[], model: Model): Promise<Tensor[][]> {
  const source = parseInputs(options);
  switch (source.kind) {
    case 'files':
      return readFiles(source.paths, model);
    case 'zeros':
      return [model.inputs.map(({ id }) => tensor(typeOf(model, id).dtype, shapeOf(model, id)))];
    case 'sequence':
      return Array.from({ length: source.count }, (_, i) => sequenceInputs(model, i + 1));
  }
}

async function readFiles(paths: readonly string[], model: Model): Promise<Tensor[][]> {
  if (paths.length !== model.inputs.length)
    throw new WhittleError(
      'SHAPE_MISMATCH',
      `${model.name} has ${model.inputs.length} input(s), found ${paths.length} .npy file(s)`,
    );
  const columns: Tensor[][] = [];
  for (const [i, path] of paths.entries()) {
    const array = readNpy(await readWholeFile(path), path);
    columns.push(split(array, model, model.inputs[i].id, path));
  }
  const counts = columns.map((column) => column.length);
  if (counts.some((count) => count !== counts[0]))
    throw new WhittleError('SHAPE_MISMATCH', `the .npy files hold ${counts.join(' and ')} inputs`);
  return Array.from({ length: counts[0] }, (_, i) => columns.map((column) => column[i]));
}

/** Cuts an array of [N, ...input] or of the input's own shape into single inputs. */
function split(array: Tensor, model: Model, id: string, path: string): Tensor[] {
  const { dtype, quantization } = typeOf(model, id);
  const shape = shapeOf(model, id);
  const [batch, ...rest] = shape;
  const stacked = [rest, shape].some((each) => sameShape(array.shape.slice(1), each));
  const single = [rest, shape].some((each) => sameShape(array.shape, each));
  if (array.dtype !== dtype || !(single || stacked) || array.data.length === 0)
    throw new WhittleError(
      'SHAPE_MISMATCH',
      `${path}: input '${id}' takes ${dtype}${formatShape(shape)}, or several as [N${['', ...rest].join(', ')}]; found ${array.dtype}${formatShape(array.shape)}${orderHint(array, model, id)}`,
    );
  const size = sizeOf(shape);
  if (array.data.length % size !== 0)
    throw new WhittleError(
      'SHAPE_MISMATCH',
      `${path}: found ${array.shape[0]} rows, expected a multiple of the batch size ${batch}`,
    );
  return Array.from({ length: array.data.length / size }, (_, i) =>
    tensor(dtype, shape, array.data.slice(i * size, (i + 1) * size) as never, quantization),
  );
}

/** Where an array is as the model's file orders axes: says so, and what to do. */
function orderHint({ shape }: Tensor, model: Model, id: string): string {
  const inFile = axesInFile(model, id);
  if (!inFile) return '';
  const whole = concrete(inFile.shape);
  const isOfFile = [whole, whole.slice(1)].some((each) =>
    [shape, shape.slice(1)].some((own) => sameShape(own, each)),
  );
  if (!isOfFile) return '';
  const names = orderNames(inFile);
  return `, which is the file's order: the file has axes ${names.file}, the model ${names.model}, so transpose the array (numpy: of one input with its batch, x.transpose(${inFile.axes.join(', ')}))`;
}

function shapeOf(model: Model, id: string): number[] {
  return concrete(typeOf(model, id).shape);
}
