import type { Tensor } from '@whittle/core';

/** How far outputs lie apart: the largest difference, over the largest value, or in steps where all are integers. */
export interface Deviation {
  readonly kind: 'relative' | 'steps';
  readonly largest: number;
}

/** @throws where shapes differ */
export function deviation(expected: readonly Tensor[], found: readonly Tensor[]): Deviation {
  const kind = expected.every(({ dtype }) => dtype !== 'float32') ? 'steps' : 'relative';
  const largest = expected.map(({ data, shape }, k) => {
    const other = found[k]?.data;
    if (other?.length !== data.length)
      throw new Error(`output ${k}: [${shape.join(', ')}] expected, found ${String(found[k]?.shape)}`);
    let difference = 0;
    let magnitude = 0;
    for (let i = 0; i < data.length; i++) {
      const distance = Math.abs(Number(data[i]) - Number(other[i]));
      difference = Math.max(difference, Number.isNaN(distance) ? Infinity : distance);
      magnitude = Math.max(magnitude, Math.abs(Number(data[i])));
    }
    return kind === 'steps' ? difference : difference / (magnitude || 1);
  });
  return { kind, largest: Math.max(...largest) };
}
