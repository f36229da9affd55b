import type { KernelModule } from './kernel-module.js';
import type { TensorInfo } from './wasm-backend.js';

/** A tensor as a matrix whose columns are its channels, the last axis. */
export function matrixOf({ shape }: TensorInfo): { readonly rows: number; readonly columns: number } {
  const columns = shape[shape.length - 1];
  return { rows: shape.slice(0, -1).reduce((size, n) => size * n, 1), columns };
}

/** Writes for each channel the sum of b * (a - center), b being 1 and `center`, an address, 0 unless told. */
export function columnSums(
  module: KernelModule,
  { a, center = 0, b }: { readonly a: TensorInfo; readonly center?: number; readonly b?: TensorInfo },
  sums: number,
): void {
  const { rows, columns } = matrixOf(a);
  const factor = b ? module.address(b) : 0;
  module.run('whittle_column_sums', rows, columns, module.address(a), center, factor, sums);
}
