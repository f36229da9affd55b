import type { Model } from '@whittle/core';

const known = new WeakMap<Model, string>();

/** A fingerprint of all parameters, ids and elements, as 16 hexadecimal digits: equal weights have equal ones. */
export function weightsDigest(model: Model): string {
  const found = known.get(model);
  if (found !== undefined) return found;
  // Two lanes of FNV-1a over 32-bit words, with different offsets.
  let a = 0x811c9dc5;
  let b = 0x01234567;
  const mix = (word: number) => {
    a = Math.imul(a ^ word, 0x01000193);
    b = Math.imul(b ^ ((word << 16) | (word >>> 16)), 0x01000193) ^ (a >>> 15);
  };
  for (const id of [...model.parameters.keys()].sort()) {
    for (let i = 0; i < id.length; i++) mix(id.charCodeAt(i));
    const { data } = model.parameters.get(id)!.tensor;
    mix(data.length);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const words = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const whole = bytes.length & ~3;
    for (let i = 0; i < whole; i += 4) mix(words.getUint32(i, true));
    for (let i = whole; i < bytes.length; i++) mix(bytes[i]);
  }
  const digest = [a, b].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
  known.set(model, digest);
  return digest;
}
