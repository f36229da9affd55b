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
  readonly indices: readonly Int32Array[];
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
    const covered = new Set<number>();
    for (const tie of ties) atoms.unite(tie, covered);
    for (const choice of choices) atoms.unite(atoms.choose(choice), covered);
    for (const value of new Set([...node.inputs, ...node.outputs]))
      atoms.pinUncovered(value, covered, `${nodeName(node)} (${node.op.name}) needs all of them`);
  }
  for (const { id } of model.inputs) atoms.pinAll(id, 'they come from outside the model');
  for (const id of leaves(model)) atoms.pinAll(id, 'they leave the model');
  for (const state of model.states) atoms.pinAll(state.in, 'they are kept from one inference to the next');
  return collect(model, atoms, balances);
}

interface Draft {
  readonly slots: number[];
  readonly indices: number[][];
}

function collect(model: Model, atoms: ChannelAtoms, balances: readonly Balance[]): ChannelAnalysis {
  const reasons = new Map<number, string>();
  for (const [atom, reason] of atoms.reasons)
    if (!reasons.has(atoms.find(atom))) reasons.set(atoms.find(atom), reason);
  const drafts = new Map<number, Draft>();
  atoms.slots.forEach(({ base, size }, slot) => {
    for (let i = 0; i < size; i++) {
      const root = atoms.find(base + i);
      let draft = drafts.get(root);
      if (!draft) drafts.set(root, (draft = { slots: [], indices: [] }));
      if (draft.slots.at(-1) !== slot) {
        draft.slots.push(slot);
        draft.indices.push([]);
      }
      (draft.indices.at(-1) as number[]).push(i);
    }
  });
  const blockOf = blocksOf(atoms, balances);
  const groups = new Map<
    string,
    { name: string; slots: Slot[]; channels: Int32Array[][]; blocks: (ChannelBlocks | undefined)[] }
  >();
  const pinned = new Map<string, { name: string; count: number; reason: string }>();
  const pin = (name: string, reason: string, count: number) => {
    const entry = pinned.get(`${name} ${reason}`);
    if (entry) entry.count += count;
    else pinned.set(`${name} ${reason}`, { name, count, reason });
  };
  for (const [root, draft] of drafts) {
    const slots = draft.slots.map((slot) => atoms.slots[slot]);
    // Channels proper: computed by weights. Axes of constants alone, or of activations alone, are nothing to prune.
    if (!slots.some((s) => model.parameters.has(s.value)) || !slots.some((s) => model.values.has(s.value)))
      continue;
    const name = (slots.find((s) => model.values.has(s.value)) as Slot).value;
    const reason = reasons.get(root);
    if (reason !== undefined) {
      pin(name, reason, 1);
      continue;
    }
    const key = draft.slots.map((slot, i) => `${slot}x${draft.indices[i].length}`).join(' ');
    let group = groups.get(key);
    if (!group) {
      group = { name, slots: slots.map(({ value, axis }) => ({ value, axis })), channels: [], blocks: [] };
      groups.set(key, group);
    }
    group.channels.push(draft.indices.map((list) => Int32Array.from(list)));
    group.blocks.push(blockOf.get(root));
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
