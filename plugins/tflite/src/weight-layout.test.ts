import { describe, expect, it } from 'vitest';
import { tensor } from '@whittle/core';
import { hwcmFrom1hwo, hwcmTo1hwo, hwioToOhwi, ohwiToHwio, swapAxes } from './weight-layout.js';

const count = (n: number) => Array.from({ length: n }, (_, i) => i);
const scales = (n: number, axis: number) => ({
  scale: Float32Array.from(count(n), (i) => i + 1),
  zeroPoint: new Int32Array(n),
  axis,
});

describe('weights between the layouts of models and files', () => {
  it('moves output channels of convolutions to the front, scales with them', () => {
    const hwio = tensor('int8', [1, 2, 3, 2], count(12), scales(2, 3));
    const ohwi = hwioToOhwi(hwio);
    expect(ohwi).toEqual(tensor('int8', [2, 1, 2, 3], [0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11], scales(2, 0)));
    expect(ohwiToHwio(ohwi)).toEqual(hwio);
  });

  it('swaps the axes of dense weights', () => {
    const io = tensor('float32', [2, 3], count(6));
    expect(swapAxes(io)).toEqual(tensor('float32', [3, 2], [0, 3, 1, 4, 2, 5]));
    expect(swapAxes(swapAxes(io))).toEqual(io);
  });

  it('gives each output channel of a depthwise convolution the scale of its input channel', () => {
    const hwcm = tensor('int8', [1, 1, 2, 3], count(6), scales(2, 2));
    const stored = hwcmTo1hwo(hwcm);
    expect(stored.shape).toEqual([1, 1, 1, 6]);
    expect(stored.quantization).toMatchObject({ scale: Float32Array.of(1, 1, 1, 2, 2, 2), axis: 3 });
    expect(hwcmFrom1hwo(stored, 2)).toBeUndefined();
    const single = tensor('int8', [1, 1, 2, 1], [5, 6], scales(2, 2));
    expect(hwcmFrom1hwo(hwcmTo1hwo(single), 2)).toEqual(single);
    const multiplier = tensor('int8', [1, 1, 1, 2], [5, 6], scales(2, 3));
    expect(hwcmFrom1hwo(hwcmTo1hwo(multiplier), 1)).toEqual(multiplier);
  });
});
