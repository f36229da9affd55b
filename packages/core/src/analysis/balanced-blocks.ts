import type { Span } from '../op.js';
import type { ChannelAtoms } from './channel-atoms.js';
import { forEachIndex } from './channel-atoms.js';

/** A span whose atoms lie in equal blocks that must stay equal, as a grouped convolution has them. */
export interface Balance {
  /** The layer that asks for it. */
  readonly name: string;
  readonly span: Span;
  readonly blocks: number;
}

/** Which blocks a channel lies in: one of each balance that it doesn't keep by itself. */
export type ChannelBlocks = ReadonlyMap<Balance, number>;

/** For each root the blocks that it lies in; a channel that has as many indices in each block lies in none. */
export function blocksOf(
  atoms: ChannelAtoms,
  balances: readonly Balance[],
): ReadonlyMap<number, ChannelBlocks> {
  const found = new Map<number, Map<Balance, number>>();
  for (const balance of balances) {
    const counts = new Map<number, Int32Array>();
    const { span, blocks } = balance;
    for (let i = 0; i < span.count; i++)
      forEachIndex(span, i, (index) => {
        const root = atoms.find(atoms.at(span.value, span.axis, index));
        let count = counts.get(root);
        if (!count) counts.set(root, (count = new Int32Array(blocks)));
        count[Math.floor((i * blocks) / span.count)]++;
      });
    for (const [root, count] of counts) {
      if (count.every((n) => n === count[0])) continue;
      const own = found.get(root) ?? new Map<Balance, number>();
      found.set(
        root,
        own.set(balance, count.filter((n) => n > 0).length === 1 ? count.findIndex((n) => n > 0) : -1),
      );
    }
  }
  return found;
}

/**
 * The block of each of a group's channels, from 0: those that lie in the same block of every balance. A name where channels
 * can't go in equal numbers from all of them: that of the layer which needs them equal.
 */
export function blocksOfGroup(
  channels: readonly (ChannelBlocks | undefined)[],
): { readonly blocks: readonly number[]; readonly count: number } | { readonly unequal: string } {
  const keys = new Map<string, number>();
  const blocks = channels.map((own) => {
    const key = [...(own?.values() ?? [])].join();
    if (!keys.has(key)) keys.set(key, keys.size);
    return keys.get(key)!;
  });
  const sizes = new Int32Array(keys.size);
  for (const block of blocks) sizes[block]++;
  for (const balance of new Set(channels.flatMap((own) => [...(own?.keys() ?? [])]))) {
    const perBlock = new Int32Array(balance.blocks);
    for (const own of channels) {
      const block = own?.get(balance) ?? -1;
      if (block >= 0) perBlock[block]++;
    }
    const isWhole =
      perBlock.every((n) => n > 0) && perBlock.reduce((sum, n) => sum + n, 0) === channels.length;
    if (!isWhole || sizes.some((size) => size !== sizes[0])) return { unequal: balance.name };
  }
  return { blocks, count: keys.size };
}
