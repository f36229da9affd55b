/** Weights [inputs, outputs] as one row of weights for each output. */
export function outputRows(weights: Int8Array, outputs: number): Int8Array[] {
  const inputs = weights.length / outputs;
  return Array.from({ length: outputs }, (_, o) =>
    Int8Array.from({ length: inputs }, (_, i) => weights[i * outputs + o]),
  );
}
