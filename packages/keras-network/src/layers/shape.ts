import { flatten, reshape, resizeNearest, transpose } from '@whittle/core';
import type { Dim, Id } from '@whittle/core';
import { Options } from '../config/options.js';
import { invalid } from '../faults.js';
import type { LayerCall } from '../graph/layer-call.js';
import type { LayerReader } from '../graph/layer-reader.js';
import { channelsLast, isChannelsFirst } from './channels.js';

/** The elements in another shape, where it is another. One extent may be -1: what is left. */
export function reshapeTo(call: LayerCall, x: Id, target: readonly number[]): Id {
  const size = call.extents(x).reduce((product, dim) => product * dim, 1);
  const known = target.filter((dim) => dim >= 0).reduce((product, dim) => product * dim, 1);
  const open = target.filter((dim) => dim < 0).length;
  if (
    open > 1 ||
    target.some((dim) => dim < -1 || dim === 0) ||
    size % known !== 0 ||
    (open === 0 && size !== known)
  )
    throw invalid(
      call.where,
      `[${call.shape(x).join(', ')}] doesn't reshape to [batch, ${target.join(', ')}]`,
    );
  const shape: Dim[] = ['batch', ...target.map((dim) => (dim < 0 ? size / known : dim))];
  if (shape.join() === call.shape(x).join()) return x;
  return call.node('reshape', reshape, { shape }, [x]);
}

/** TensorFlow.js writes an extent that is left open as null. */
function targetShape({ options }: LayerCall): number[] {
  const target = options.get('target_shape');
  const list = Array.isArray(target) ? (target as unknown[]).map((dim) => dim ?? -1) : target;
  return new Options(options.where, { target_shape: list }).integers('target_shape');
}

function readFlatten(call: LayerCall): Id {
  const x = isChannelsFirst(call) ? channelsLast(call, call.input) : call.input;
  const rank = call.rank(x);
  if (rank === 2) return x;
  return rank === 1 ? reshapeTo(call, x, [1]) : call.node('flatten', flatten, {}, [x]);
}

/** Axes in another order; those of the operand, the batch among them. */
export function transposeTo(call: LayerCall, x: Id, permutation: readonly number[]): Id {
  if (permutation.every((axis, i) => axis === i)) return x;
  return call.node('transpose', transpose, { permutation: permutation as [number] }, [x]);
}

/** [N, C] to [N, times, C]: rows of an image of one column, resized. */
function readRepeat(call: LayerCall): Id {
  const x = call.input;
  call.expectRank(x, 2);
  const [channels] = call.extents(x);
  const times = call.options.extent('n');
  const image = call.node('image', reshape, { shape: ['batch', 1, 1, channels] }, [x]);
  const attributes = { size: [times, 1] as [number, number], alignCorners: false, halfPixelCenters: false };
  const repeated = call.node('repeat', resizeNearest, attributes, [image]);
  return call.node('sequence', reshape, { shape: ['batch', times, channels] }, [repeated]);
}

export const shapeReaders: Readonly<Record<string, LayerReader>> = {
  Flatten: { read: readFlatten },
  Reshape: { read: (call) => reshapeTo(call, call.input, targetShape(call)) },
  Permute: { read: (call) => transposeTo(call, call.input, [0, ...call.options.integers('dims')]) },
  RepeatVector: { read: readRepeat },
};
