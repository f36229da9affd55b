import { averagePool2d, concrete, flatten, maxPool2d, mean } from '@whittle/core';
import type { Id, Padding, Pair } from '@whittle/core';
import type { Network } from '../network.js';

export interface PoolLayerOptions {
  /** Rows and columns of a window. */
  readonly size: number;
  /** As far apart as they are wide unless told. */
  readonly stride?: number;
  /** 'valid' unless told: rows and columns left over are dropped. */
  readonly padding?: Padding;
}

/** Maximum over square windows. */
export function maxPoolLayer(network: Network, name: string, input: Id, options: PoolLayerOptions): Id {
  return network.builder.node(name, maxPool2d, poolAttributes(options), [input]);
}

/** Mean over square windows; what lies beyond the image doesn't count. */
export function averagePoolLayer(network: Network, name: string, input: Id, options: PoolLayerOptions): Id {
  return network.builder.node(name, averagePool2d, poolAttributes(options), [input]);
}

function poolAttributes({ size, stride = size, padding = 'valid' }: PoolLayerOptions) {
  const window: Pair = [size, size];
  const strides: Pair = [stride, stride];
  return { size: window, strides, padding, activation: 'none' } as const;
}

/** Mean of each channel over the whole image, [N, H, W, C] to [N, C]: '<name>', then '<name>/flat'. */
export function globalAveragePool(network: Network, name: string, input: Id): Id {
  const [, height, width] = concrete(network.builder.typeOf(input).shape);
  const size: Pair = [height, width];
  const pooled = network.builder.node(
    name,
    averagePool2d,
    { size, strides: size, padding: 'valid', activation: 'none' },
    [input],
  );
  return flattenLayer(network, `${name}/flat`, pooled);
}

/** Mean of each channel over the whole image, as an image of one pixel: [N, H, W, C] to [N, 1, 1, C]. */
export function meanPixel(network: Network, name: string, input: Id): Id {
  return network.builder.node(name, mean, { axes: [1, 2], keepDims: true }, [input]);
}

/** [N, ...] to [N, product of the rest]. */
export function flattenLayer(network: Network, name: string, input: Id): Id {
  return network.builder.node(name, flatten, {}, [input]);
}
