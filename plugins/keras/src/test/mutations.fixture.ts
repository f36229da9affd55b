import { createRandom } from '@whittle/core';
import type { RandomStream } from '@whittle/core';

/** Damaged copies of a file, the same ones for a seed: cut off, with bits flipped, bytes set, digits changed. */
export function* mutations(bytes: Uint8Array, count: number, seed: number): Generator<Uint8Array> {
  const random = createRandom(seed);
  for (let i = 0; i < count; i++) {
    const draw = random.at('mutation', i);
    const copy = bytes.slice();
    if (draw.int(7) === 0) yield copy.slice(0, draw.int(copy.length));
    else {
      for (let left = 1 + draw.int(6); left > 0; left--) damage(copy, draw);
      yield copy;
    }
  }
}

function damage(bytes: Uint8Array, draw: RandomStream): void {
  const at = draw.int(bytes.length);
  switch (draw.int(4)) {
    case 0:
      bytes[at] ^= 1 << draw.int(8);
      break;
    case 1:
      bytes[at] = draw.int(256);
      break;
    case 2:
      bytes.fill(255, at, at + 4);
      break;
    case 3: {
      const digit = bytes.subarray(at).findIndex((byte) => byte >= 0x30 && byte <= 0x39);
      if (digit >= 0) bytes[at + digit] = 0x30 + draw.int(10);
    }
  }
}
