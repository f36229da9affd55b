/** The rows of the orthonormal DCT-II of `size` points: row k is c_k cos(pi (n + 1/2) k / size) (Ahmed et al. 1974). */
function basis(size: number): Float64Array[] {
  return Array.from({ length: size }, (_, k) =>
    Float64Array.from(
      { length: size },
      (_, n) => Math.sqrt((k === 0 ? 1 : 2) / size) * Math.cos((Math.PI * (n + 0.5) * k) / size),
    ),
  );
}

/**
 * The two-dimensional DCT-II of every kernel of a convolution's weight [kh, kw, I, O]: coefficients in the same layout, the
 * frequencies [0, 0] to [kh - 1, kw - 1] in place of the taps. It is orthonormal: `inverse` is its transpose.
 */
export function transformKernels(
  data: ArrayLike<number>,
  shape: readonly number[],
  direction: 'forward' | 'inverse' = 'forward',
): Float64Array {
  const [height, width, inputs, outputs] = shape;
  const [rows, columns] = [basis(height), basis(width)];
  const kernels = inputs * outputs;
  const factor = (u: number, v: number, y: number, x: number) =>
    direction === 'forward' ? rows[u][y] * columns[v][x] : rows[y][u] * columns[x][v];
  const result = new Float64Array(data.length);
  for (let u = 0; u < height; u++)
    for (let v = 0; v < width; v++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          const scale = factor(u, v, y, x);
          const [to, from] = [(u * width + v) * kernels, (y * width + x) * kernels];
          for (let k = 0; k < kernels; k++) result[to + k] += scale * data[from + k];
        }
  return result;
}
