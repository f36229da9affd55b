/** The largest difference of two tensors' elements, relative to the largest element expected. */
export function largestError(
  expected: { readonly data: ArrayLike<number | bigint> },
  found: { readonly data: ArrayLike<number | bigint> },
): number {
  let largest = 0;
  let error = 0;
  for (let i = 0; i < expected.data.length; i++) {
    const wanted = Number(expected.data[i]);
    largest = Math.max(largest, Math.abs(wanted));
    const difference = Math.abs(wanted - Number(found.data[i]));
    error = Math.max(error, Number.isNaN(difference) ? Infinity : difference);
  }
  return error === 0 ? 0 : error / largest;
}
