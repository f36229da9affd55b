import { reshape, transpose } from '@whittle/core';
import type { Id, Pair, Tensor } from '@whittle/core';
import type { LayerCall } from '../graph/layer-call.js';
import { reshaped } from './weight-layout.js';

/** Whether a layer takes and gives [N, C, ...]. */
export function isChannelsFirst({ options }: LayerCall): boolean {
  return (
    options.oneOf('data_format', ['channels_last', 'channels_first'], 'channels_last') === 'channels_first'
  );
}

/** Brings [N, C, ...] to [N, ..., C], where it isn't so already. */
export function channelsLast(call: LayerCall, x: Id): Id {
  const undone = call.graph.undone(x, 'channels last');
  if (undone !== undefined) return undone;
  const axes = call.shape(x).map((_, axis) => axis);
  const [batch, channels, ...rest] = axes;
  if (rest.length === 0) return x;
  return call.node('channels_last', transpose, { permutation: [batch, ...rest, channels] }, [x]);
}

/** Brings [N, ..., C] to [N, C, ...]. */
export function channelsFirst(call: LayerCall, x: Id): Id {
  const axes = call.shape(x).map((_, axis) => axis);
  const last = axes.length - 1;
  if (last < 2) return x;
  const permutation: [number, ...number[]] = [0, last, ...axes.slice(1, last)];
  const id = call.node('channels_first', transpose, { permutation }, [x]);
  return call.graph.remember(id, 'channels last', x);
}

/** What a layer computes on [N, ..., C], whichever way it has its channels. */
export function onChannelsLast(call: LayerCall, x: Id, compute: (x: Id) => Id): Id {
  return isChannelsFirst(call) ? channelsFirst(call, compute(channelsLast(call, x))) : compute(x);
}

/** A layer over one or two spatial axes, as one over images: of sequences, [N, T, C], come images of one row. */
export class Spatial {
  readonly axes: 1 | 2;
  readonly #call: LayerCall;

  constructor(call: LayerCall, axes: 1 | 2) {
    this.#call = call;
    this.axes = axes;
  }

  /** An option of one or two extents as [rows, columns]. */
  pair(key: string, otherwise?: number): Pair {
    const found = this.#call.options.extents(key, this.axes, otherwise);
    return this.axes === 1 ? [1, found[0]] : [found[0], found[1]];
  }

  /** A kernel with an axis for rows. */
  kernel(value: Tensor<'float32'>): Tensor<'float32'> {
    return this.axes === 1 ? reshaped(value, [1, ...value.shape]) : value;
  }

  /** Computes on an image [N, H, W, C] with what else the layer has of shapes taken care of. */
  onImage(x: Id, compute: (image: Id) => Id): Id {
    const call = this.#call;
    call.expectRank(x, this.axes + 2);
    return onChannelsLast(call, x, (last) => {
      if (this.axes === 2) return compute(last);
      return this.#squeeze(compute(this.#expand(last)));
    });
  }

  #expand(x: Id): Id {
    const undone = this.#call.graph.undone(x, 'image');
    if (undone !== undefined) return undone;
    const [batch, time, channels] = this.#call.shape(x);
    return this.#call.node('image', reshape, { shape: [batch, 1, time, channels] }, [x]);
  }

  #squeeze(x: Id): Id {
    const [batch, , time, channels] = this.#call.shape(x);
    const id = this.#call.node('sequence', reshape, { shape: [batch, time, channels] }, [x]);
    return this.#call.graph.remember(id, 'image', x);
  }
}
