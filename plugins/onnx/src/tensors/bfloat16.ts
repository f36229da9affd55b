const word = new DataView(new ArrayBuffer(4));

/** The value of a bfloat16 given by its bits: the upper half of a float32. */
export function bfloat16Value(bits: number): number {
  word.setUint32(0, (bits << 16) >>> 0);
  return word.getFloat32(0);
}
