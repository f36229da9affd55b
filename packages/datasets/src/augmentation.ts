import { formatShape } from '@whittle/core';
import type { RandomStream } from '@whittle/core';
import type { RawArray } from './dataset.js';
import { datasetError, expectInteger } from './errors.js';

/** A random change of one raw example: reads `from`, writes all of `to`, draws from `draws`. */
export type Augmentation = (
  from: RawArray,
  to: RawArray,
  shape: readonly number[],
  draws: RandomStream,
) => void;

export interface ShiftOptions {
  /** Largest shift up and down, in pixels. */
  readonly rows: number;
  /** Largest shift to the left and right, in pixels. */
  readonly columns: number;
  /** Raw value of the pixels that come in; 0 unless told. */
  readonly fill?: number;
}

/** Moves an image by whole pixels, each shift as likely. @throws OPTION_INVALID */
export function shift(options: ShiftOptions): Augmentation {
  const { rows, columns, fill = 0 } = options;
  expectInteger('rows', rows, 0);
  expectInteger('columns', columns, 0);
  return (from, to, shape, draws) => {
    const [height, width, channels] = imageShape(shape);
    const down = draws.int(2 * rows + 1) - rows;
    const right = draws.int(2 * columns + 1) - columns;
    to.fill(fill);
    const first = Math.max(0, -right);
    const last = Math.min(width, width - right);
    if (first >= last) return;
    for (let y = Math.max(0, -down); y < Math.min(height, height - down); y++) {
      const line = from.subarray((y * width + first) * channels, (y * width + last) * channels);
      to.set(line, ((y + down) * width + first + right) * channels);
    }
  };
}

/**
 * Pads an image by `padding` pixels on each side and crops it back to its size at random (He et al. 2015, section 4.2, with
 * padding 4): a shift by up to `padding` rows and columns. @throws OPTION_INVALID
 */
export function padCrop(padding: number, fill = 0): Augmentation {
  return shift({ rows: padding, columns: padding, fill });
}

/** Mirrors an image left to right with this probability, 0 to 1; 0.5 unless told. @throws OPTION_INVALID */
export function flipHorizontal(probability = 0.5): Augmentation {
  if (!(probability >= 0 && probability <= 1))
    throw datasetError('OPTION_INVALID', `probability must be in 0 to 1, found ${probability}`);
  return (from, to, shape, draws) => {
    const [height, width, channels] = imageShape(shape);
    if (draws.float() >= probability) {
      to.set(from);
      return;
    }
    const line = width * channels;
    for (let start = 0; start < height * line; start += line)
      for (let pixel = 0; pixel < line; pixel += channels) {
        const mirrored = start + line - channels - pixel;
        for (let channel = 0; channel < channels; channel++)
          to[mirrored + channel] = from[start + pixel + channel];
      }
  };
}

/** @throws OPTION_INVALID where examples aren't images. */
function imageShape(shape: readonly number[]): readonly number[] {
  if (shape.length !== 3)
    throw datasetError(
      'OPTION_INVALID',
      `this augmentation takes examples [height, width, channels], found ${formatShape(shape)}`,
    );
  return shape;
}
