import { z } from 'zod';

/** Activations that TFLite ops can carry; a clamp each. */
export const fusedActivation = z.enum(['none', 'relu', 'relu_n1_to_1', 'relu6']);
export type FusedActivation = z.infer<typeof fusedActivation>;

/** Bounds of a fused activation in real values. */
export function clampOf(activation: FusedActivation): readonly [number, number] {
  switch (activation) {
    case 'none':
      return [-Infinity, Infinity];
    case 'relu':
      return [0, Infinity];
    case 'relu_n1_to_1':
      return [-1, 1];
    case 'relu6':
      return [0, 6];
  }
}

/** Applies a fused activation in place. */
export function clampInPlace<A extends Float32Array | Float64Array>(data: A, activation: FusedActivation): A {
  const [low, high] = clampOf(activation);
  if (activation !== 'none')
    for (let i = 0; i < data.length; i++) data[i] = data[i] < low ? low : data[i] > high ? high : data[i];
  return data;
}

/** Operations per output element of a fused activation: one for each finite bound. */
export function clampFlops(activation: FusedActivation): number {
  return clampOf(activation).filter(Number.isFinite).length;
}
