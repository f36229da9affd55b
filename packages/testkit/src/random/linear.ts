import { batchMatmul, conv2d, dense, depthwiseConv2d, sizeOf, transposeConv2d } from '@whittle/core';
import type { FusedActivation, Padding, Pair } from '@whittle/core';
import type { DrawnValue } from './drawn-value.js';
import type { NetworkDraw } from './network-draw.js';
import { opDraw } from './op-draw.js';

/** Mostly none. */
export function drawActivation({ draw }: NetworkDraw): FusedActivation {
  return draw.pick('none', 'none', 'none', 'relu', 'relu6', 'relu_n1_to_1');
}

/** Kernel, strides and padding of a window that fits on the rows and columns of an image. */
export function drawWindow({ draw }: NetworkDraw, [, height, width]: readonly number[]) {
  const axis = (extent: number) => {
    const size = draw.between(1, Math.min(3, extent));
    const largest = size > 1 ? Math.floor((extent - 1) / (size - 1)) : 1;
    return { size, stride: draw.pick(1, 1, 1, 2, 3), dilation: draw.pick(1, 1, Math.min(2, largest)) };
  };
  const [rows, columns] = [axis(height), axis(width)];
  const margin = (size: number) => draw.between(0, size - 1);
  const padding: Padding = draw.pick<Padding>('same', 'same', 'valid', {
    top: margin(rows.size),
    bottom: margin(rows.size),
    left: margin(columns.size),
    right: margin(columns.size),
  });
  const pair = (key: 'size' | 'stride' | 'dilation'): Pair => [rows[key], columns[key]];
  // TFLite has either strides or dilations.
  const dilated = draw.oneIn(4);
  return {
    size: pair('size'),
    strides: dilated ? ([1, 1] satisfies Pair) : pair('stride'),
    dilations: dilated ? pair('dilation') : ([1, 1] satisfies Pair),
    padding,
  };
}

/** Weights that keep the size of what they multiply, and mostly a bias. */
function parametersOf(network: NetworkDraw, shape: readonly number[], fanIn: number, outputs: number) {
  const weight = network.weight(shape, 1 / Math.sqrt(fanIn));
  return network.draw.oneIn(4) ? [weight] : [weight, network.weight([outputs], 0.3, 'bias')];
}

const conv = opDraw(conv2d, (network) => {
  const { draw } = network;
  const x = network.float(4);
  if (!x) return undefined;
  const channels = x.shape[3];
  const { size, ...window } = drawWindow(network, x.shape);
  const divisors = [2, 3, channels].filter((groups) => channels % groups === 0 && groups > 1);
  const groups = divisors.length > 0 && draw.oneIn(4) ? draw.pick(...divisors) : 1;
  const outputs = groups * draw.between(1, Math.ceil(8 / groups));
  const perGroup = channels / groups;
  const attributes = { ...window, activation: drawActivation(network), groups };
  const fanIn = sizeOf(size) * perGroup;
  const parameters = parametersOf(network, [...size, perGroup, outputs], fanIn, outputs);
  return network.add(conv2d, attributes, [x, ...parameters]);
});

const depthwise = opDraw(depthwiseConv2d, (network) => {
  const x = network.float(4);
  if (!x) return undefined;
  const channels = x.shape[3];
  const { size, strides, ...rest } = drawWindow(network, x.shape);
  const multiplier = network.draw.pick(1, 1, 2);
  // TFLite's depthwise convolution has one stride for rows and columns.
  const attributes = { ...rest, strides: [strides[0], strides[0]], activation: drawActivation(network) };
  const shape = [...size, channels, multiplier];
  return network.add(depthwiseConv2d, attributes, [
    x,
    ...parametersOf(network, shape, sizeOf(size), channels * multiplier),
  ]);
});

const transposed = opDraw(transposeConv2d, (network) => {
  const { draw } = network;
  const x = network.float(4);
  if (!x) return undefined;
  const [, height, width, channels] = x.shape;
  const padding = draw.pick('same', 'valid');
  const axis = (extent: number) => {
    const kernel = draw.between(1, 3);
    const stride = draw.between(1, 2);
    // The outputs that a convolution brings to this extent: as many as the stride.
    const least = padding === 'same' ? (extent - 1) * stride + 1 : (extent - 1) * stride + kernel;
    return { kernel, stride, size: least + draw.between(0, stride - 1) };
  };
  const [rows, columns] = [axis(height), axis(width)];
  const outputs = draw.between(1, 5);
  const attributes = {
    strides: [rows.stride, columns.stride],
    padding,
    outputSize: [rows.size, columns.size],
    activation: drawActivation(network),
  };
  const shape = [rows.kernel, columns.kernel, channels, outputs];
  return network.add(transposeConv2d, attributes, [x, ...parametersOf(network, shape, channels, outputs)]);
});

const connected = opDraw(dense, (network) => {
  const x = network.float(2, 2, 3, 4);
  if (!x) return undefined;
  const from = x.shape[x.shape.length - 1];
  const to = network.draw.between(1, 9);
  const parameters = parametersOf(network, [from, to], from, to);
  return network.add(dense, { activation: drawActivation(network) }, [x, ...parameters]);
});

const product = opDraw(batchMatmul, (network) => {
  const { draw } = network;
  const a = network.float(3, 4);
  if (!a) return undefined;
  const [transposeA, transposeB] = [draw.oneIn(3), draw.oneIn(2)];
  const [first, last] = a.shape.slice(-2);
  const inner = transposeA ? first : last;
  const fits = ({ dtype, shape }: DrawnValue) =>
    dtype === 'float32' &&
    shape.length === a.shape.length &&
    shape.slice(0, -2).join() === a.shape.slice(0, -2).join() &&
    shape[shape.length - (transposeB ? 1 : 2)] === inner;
  const columns = draw.between(1, 5);
  const b =
    network.pick(fits) ??
    network.weight(
      [...a.shape.slice(0, -2).map(() => 1), ...(transposeB ? [columns, inner] : [inner, columns])],
      1 / Math.sqrt(inner),
    );
  return network.add(batchMatmul, { transposeA, transposeB }, [a, b]);
});

export const linearDraws = [conv, conv, depthwise, depthwise, transposed, connected, product] as const;
