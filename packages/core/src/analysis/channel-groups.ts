import type { Model } from '../model.js';
import { nodeName } from '../model.js';
import { viewNode } from '../op.js';
import { leaves } from '../traverse.js';
import type { Balance, ChannelBlocks } from './balanced-blocks.js';
import { blocksOf, blocksOfGroup } from './balanced-blocks.js';
import { ChannelAtoms } from './channel-atoms.js';
import type { Slot } from './channel-atoms.js';

/** What goes when one channel goes: for each slot of its group the indices along that axis. */
export interface Channel {
  readonly indices: readonly (readonly number[])[];
  /** The block that the channel lies in, where the group is balanced. */
  readonly block: number;
}

/** Channels that touch the same slots, each of which can be removed as a whole. */
export interface ChannelGroup {
  /** The first value (in order of computation) that has these channels. */
  readonly name: string;
  readonly slots: readonly Slot[];
  readonly channels: readonly Channel[];
  /** Channels must be removed in equal numbers from each of so many blocks (grouped convolution); 1 where they are free. */
  readonly blocks: number;
}

/** Channels that must stay, and why, in words for a person. */
export interface PinnedChannels {
  readonly name: string;
  readonly count: number;
  readonly reason: string;
}

export interface ChannelAnalysis {
  readonly groups: readonly ChannelGroup[];
  readonly pinned: readonly PinnedChannels[];
}

/**
 * Finds every group of channels that must be kept or removed together, from the ties that the ops declare: a union-find
 * over atoms, one for each index along each axis of each value.
 */
export function channelGroups(model: Model): ChannelAnalysis {
  const atoms = new ChannelAtoms(model);
  const balances: Balance[] = [];
  for (const node of model.nodes) {
    const view = viewNode(model, node);
    const { ties, choices = [], balance = [] } = node.op.channels(view);
    balances.push(...balance.map((each) => ({ ...each, name: nodeName(node) })));
    atoms.nextNode();
    for (const tie of ties) atoms.unite(tie);
    for (const choice of choices) atoms.unite(atoms.choose(choice));
    for (const value of new Set([...node.inputs, ...node.outputs]))
      atoms.pinUncovered(value, `${nodeName(node)} (${node.op.name}) needs all of them`);
  }
  for (const { id } of model.inputs) atoms.pinAll(id, 'they come from outside the model');
  for (const id of leaves(model)) atoms.pinAll(id, 'they leave the model');
  for (const state of model.states) atoms.pinAll(state.in, 'they are kept from one inference to the next');
  return collect(atoms, balances);
}

/** A channel by its slots (numbers in `ChannelAtoms.slots`), with its indices along each. */
interface Draft {
  readonly root: number;
  readonly slots: number[];
  readonly indices: number[][];
}

/** Channels alike: they touch the same slots, with as many indices along each. */
interface DraftGroup extends Pick<ChannelGroup, 'name' | 'slots'> {
  readonly first: Draft;
  readonly channels: number[][][];
  readonly blocks: (ChannelBlocks | undefined)[];
}

function collect(atoms: ChannelAtoms, balances: readonly Balance[]): ChannelAnalysis {
  const pinned = new Map<string, { name: string; count: number; reason: string }>();
  const pin = (name: string, reason: string, count: number) => {
    const entry = pinned.get(`${name} ${reason}`);
    if (entry) entry.count += count;
    else pinned.set(`${name} ${reason}`, { name, count, reason });
  };
  const blockOf = blocksOf(atoms, balances);
  const groups = new Map<string, DraftGroup>();
  let last: DraftGroup | undefined;
  for (const draft of drafts(atoms, pin)) {
    if (!last || !isAlike(draft, last.first)) {
      const key = draft.slots.map((slot, i) => `${slot}x${draft.indices[i].length}`).join(' ');
      last = groups.get(key);
      if (!last) {
        const slots = draft.slots
          .map((slot) => atoms.slots[slot])
          .map(({ value, axis }) => ({ value, axis }));
        groups.set(key, (last = { name: slots[0].value, slots, first: draft, channels: [], blocks: [] }));
      }
    }
    last.channels.push(draft.indices);
    last.blocks.push(blockOf.get(draft.root));
  }
  return {
    groups: [...groups.values()].flatMap(({ name, slots, channels, blocks }): ChannelGroup[] => {
      const found = blocksOfGroup(blocks);
      if ('unequal' in found) {
        pin(
          name,
          `${found.unequal} needs as many in each of its blocks, which differ in what reads them`,
          channels.length,
        );
        return [];
      }
      const members = channels.map((indices, i) => ({ indices, block: found.blocks[i] }));
      return [{ name, slots, channels: members, blocks: found.count }];
    }),
    pinned: [...pinned.values()],
  };
}

/** All channels that may go, in order of their first slots: values come before parameters. What must stay is pinned. */
function drafts(
  atoms: ChannelAtoms,
  pin: (name: string, reason: string, count: number) => void,
): Iterable<Draft> {
  const reasonOf = atoms.rootReasons();
  const found = new Map<number, Draft | undefined>();
  atoms.slots.forEach(({ value, base, size }, slot) => {
    for (let i = 0; i < size; i++) {
      const root = atoms.find(base + i);
      // Channels proper: computed by weights. Axes of constants alone, or of activations alone, are nothing to prune.
      if (!atoms.isChannel(root)) continue;
      let draft = found.get(root);
      if (!draft) {
        if (found.has(root)) continue;
        const reason = reasonOf(root);
        if (reason === undefined) draft = { root, slots: [], indices: [] };
        else pin(value, reason, 1);
        found.set(root, draft);
        if (!draft) continue;
      }
      const end = draft.slots.length - 1;
      if (draft.slots[end] === slot) draft.indices[end].push(i);
      else {
        draft.slots.push(slot);
        draft.indices.push([i]);
      }
    }
  });
  return [...found.values()].filter((draft) => draft !== undefined);
}

function isAlike(a: Draft, b: Draft): boolean {
  if (a.slots.length !== b.slots.length) return false;
  for (let i = 0; i < a.slots.length; i++)
    if (a.slots[i] !== b.slots[i] || a.indices[i].length !== b.indices[i].length) return false;
  return true;
}
