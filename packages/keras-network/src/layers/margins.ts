import { pad, slice } from '@whittle/core';
import type { Id } from '@whittle/core';
import { largestExtent } from '../config/options.js';
import { invalid, quote, unsupported } from '../faults.js';
import type { LayerCall } from '../graph/layer-call.js';
import type { LayerReader } from '../graph/layer-reader.js';
import { onChannelsLast } from './channels.js';

type Margin = [number, number];

/** Margins of one or two axes: one number for all, one for each axis, or two for each. */
function marginsOf(call: LayerCall, key: string, axes: 1 | 2): Margin[] {
  const value = call.options.get(key) ?? 1;
  const list: unknown[] = Array.isArray(value) ? value : new Array<unknown>(axes).fill(value);
  // Of a sequence, two numbers are before and after.
  const perAxis = axes === 1 && list.length === 2 ? [list] : list;
  const margins = perAxis.map((each): unknown[] =>
    Array.isArray(each) ? (each as unknown[]) : [each, each],
  );
  const isMargin = (margin: unknown[]): margin is Margin =>
    margin.length === 2 &&
    margin.every((n) => Number.isSafeInteger(n) && (n as number) >= 0 && (n as number) <= largestExtent);
  if (margins.length !== axes || !margins.every(isMargin))
    throw invalid(call.where, `${key}: found ${quote(value)}, expected margins of ${axes} axes`);
  return margins as Margin[];
}

function zeroPadding(axes: 1 | 2): LayerReader {
  return {
    read(call) {
      const margins = marginsOf(call, 'padding', axes);
      call.expectRank(call.input, axes + 2);
      return onChannelsLast(call, call.input, (x) =>
        call.node('pad', pad, { paddings: [[0, 0], ...margins, [0, 0]], value: 0 }, [x]),
      );
    },
  };
}

function cropping(axes: 1 | 2): LayerReader {
  return {
    read(call) {
      const margins = marginsOf(call, 'cropping', axes);
      call.expectRank(call.input, axes + 2);
      return onChannelsLast(call, call.input, (x) => crop(call, x, margins));
    },
  };
}

/** Cuts margins off the axes behind the batch. @throws FORMAT_INVALID where nothing is left */
export function crop(call: LayerCall, x: Id, margins: readonly Margin[]): Id {
  const extents = call.extents(x);
  const ranges = margins.map(([before, after], i) => ({
    axis: i + 1,
    start: before,
    size: extents[i] - before - after,
    step: 1,
  }));
  if (ranges.some(({ size }) => size < 1))
    throw invalid(call.where, `nothing is left of [${extents.join(', ')}]`);
  return call.node('slice', slice, { ranges }, [x]);
}

/** The middle of an image, of the size told. */
const centerCrop: LayerReader = {
  read(call) {
    if (call.runtime === 'tfjs')
      throw unsupported(call.where, 'a CenterCrop, which in TensorFlow.js resamples the image');
    call.expectRank(call.input, 4);
    const size = [call.options.extent('height'), call.options.extent('width')];
    return onChannelsLast(call, call.input, (x) => {
      const margins = size.map((wanted, i): Margin => {
        const rest = call.extents(x)[i] - wanted;
        if (rest < 0) throw invalid(call.where, `a crop of ${size.join(' x ')}, more than the image`);
        const before = Math.floor(rest / 2);
        return [before, rest - before];
      });
      return crop(call, x, margins);
    });
  },
};

export const marginReaders: Readonly<Record<string, LayerReader>> = {
  ZeroPadding1D: zeroPadding(1),
  ZeroPadding2D: zeroPadding(2),
  Cropping1D: cropping(1),
  Cropping2D: cropping(2),
  CenterCrop: centerCrop,
};
