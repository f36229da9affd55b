import { pad, slice } from '@whittle/core';
import type { Pair } from '@whittle/core';
import type { NodeCall } from '../node-call.js';
import { shapeOf } from '../value.js';
import type { Computed, Operand, Value } from '../value.js';
import { expectReal } from './arithmetic.js';
import type { OpReaders } from './op-reader.js';

/** Block and margins of two axes of positions. @throws OP_UNSUPPORTED for others */
function cutOf(call: NodeCall): { readonly block: Pair; readonly margins: [number, number][] } {
  const block = call.integers(1, 'a block');
  const flat = call.integers(2, 'margins');
  if (block.length !== 2 || block.some((each) => each < 1))
    throw call.unsupported(`a block of ${block.join(' x ')}`);
  if (flat.length !== 4 || flat.some((each) => each < 0 || each > 1 << 16)) throw call.invalid('margins');
  return {
    block: [block[0], block[1]],
    margins: [
      [flat[0], flat[1]],
      [flat[2], flat[3]],
    ],
  };
}

/** An image, with a margin, cut into those that lie a block apart: it stays whole, and convolutions on it are dilated. */
function cutUp(call: NodeCall): Value {
  const { block, margins } = cutOf(call);
  const image = expectReal(call, call.operand(0));
  if (call.rank(image) !== 4) throw call.unsupported(`a value of shape [${shapeOf(image).join(', ')}]`);
  const paddings = [[0, 0], ...margins, [0, 0]] as [number, number][];
  const hasMargin = margins.flat().some((margin) => margin > 0);
  const padded = hasMargin ? call.apply(pad, { paddings, value: 0 }, [image]) : image;
  if (padded.kind !== 'computed') throw call.unsupported('a known image');
  block.forEach((step, axis) => {
    const extent = call.extent(padded, axis + 1);
    if (extent % step !== 0) throw call.invalid(`an image of ${extent}, no multiple of ${step}`);
  });
  return { kind: 'spread', image: padded, block };
}

/** The image put together again, without a margin. */
function putTogether(call: NodeCall): Operand {
  const { block, margins } = cutOf(call);
  const value = call.value(0);
  if (value.kind !== 'spread' || value.block.join() !== block.join())
    throw call.unsupported('an image that was not cut up by as much before');
  const image: Computed = value.image;
  const ranges = margins.flatMap(([before, after], i) => {
    const size = call.extent(image, i + 1) - before - after;
    if (size < 1) throw call.invalid('nothing is left of the image');
    return before + after > 0 ? [{ axis: i + 1, start: before, size, step: 1 }] : [];
  });
  return ranges.length > 0 ? call.apply(slice, { ranges }, [image]) : image;
}

export const dilationReaders: OpReaders = {
  SpaceToBatchND: cutUp,
  BatchToSpaceND: putTogether,
};
