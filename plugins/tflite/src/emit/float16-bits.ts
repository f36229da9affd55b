/** The bits of the float16 (IEEE 754 binary16) next to a float32, ties to even; infinity from 65520 on. */
export function float16Bits(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(words, (word, i) => {
    const sign = (word >>> 16) & 0x8000;
    const size = Math.abs(values[i]);
    if (Number.isNaN(size)) return sign | 0x7e00;
    if (size >= 65520) return sign | 0x7c00;
    // Below 2 ** -14 the steps between values stay the same.
    const exponent = Math.max(((word >>> 23) & 255) - 127, -14);
    const steps = roundHalfEven(size * 2 ** (10 - exponent));
    return sign | ((exponent + 14) * 1024 + steps);
  });
}

function roundHalfEven(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  return rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down;
}
