import { ByteView, textOf } from './byte-view.js';
import { damaged, unread } from './faults.js';
import { messageTypes } from './object-header.js';
import type { Message } from './object-header.js';

/** Names in a group with the addresses of their objects; undefined where the messages are no group's. */
export function readLinks(file: Uint8Array, messages: readonly Message[]): Map<string, number> | undefined {
  const links = new Map<string, number>();
  let isGroup = false;
  for (const message of messages) {
    if (message.type === messageTypes.symbolTable) {
      isGroup = true;
      readSymbolTable(file, message.view(), links);
    } else if (message.type === messageTypes.linkInfo) {
      isGroup = true;
      const view = message.view().skip(1);
      if ((view.u8() & 1) !== 0) view.skip(8);
      if (view.address() !== undefined)
        throw unread('groups of many links in a heap (written with libver latest)');
    } else if (message.type === messageTypes.link) readLink(message.view(), links);
  }
  return isGroup ? links : undefined;
}

/** A group as HDF5 1.0 has it: names in a heap, found by a B-tree whose leaves are tables. */
function readSymbolTable(file: Uint8Array, view: ByteView, links: Map<string, number>): void {
  const [tree, heapAddress] = [view.address(), view.address()];
  if (tree === undefined || heapAddress === undefined) throw damaged('a group without a table');
  const head = new ByteView(file, heapAddress).expect('HEAP').skip(4);
  const size = head.u64();
  const start = head.skip(8).address();
  if (start === undefined) throw damaged('a group without names');
  new ByteView(file, start, start + size);
  const names = file.subarray(start, start + size);
  for (const address of leavesOf(file, tree, 0)) {
    const table = new ByteView(file, address).expect('SNOD').skip(2);
    for (let left = table.u16(); left > 0; left--) {
      const name = table.u64();
      const object = table.address();
      const isLink = table.u32() === 2;
      table.skip(20);
      if (name >= names.length) throw damaged(`a name at ${name} of ${names.length} bytes`);
      if (object !== undefined && !isLink) links.set(textOf(names.subarray(name)), object);
    }
  }
}

/** What the leaves of a B-tree of version 1 point at; keys of groups are 8 bytes. */
function leavesOf(file: Uint8Array, root: number, kind: number): number[] {
  const leaves: number[] = [];
  walkTree(
    file,
    root,
    kind,
    (node) => node.skip(8),
    (_, child) => leaves.push(child),
  );
  return leaves;
}

/**
 * Visits the entries of a B-tree of version 1, in order: `key` reads a key, `visit` gets it and the address at a leaf.
 * @throws FORMAT_INVALID where a node comes twice
 */
export function walkTree<K>(
  file: Uint8Array,
  root: number,
  kind: number,
  key: (node: ByteView) => K,
  visit: (key: K, child: number) => void,
): void {
  const seen = new Set<number>();
  const stack = [root];
  for (let address = stack.pop(); address !== undefined; address = stack.pop()) {
    if (seen.has(address)) throw damaged('a tree that grows into itself');
    seen.add(address);
    const node = new ByteView(file, address).expect('TREE');
    const found = node.u8();
    if (found !== kind) throw damaged(`a tree of kind ${found}, expected ${kind}`);
    const level = node.u8();
    const count = node.u16();
    node.skip(16);
    const children: number[] = [];
    for (let i = 0; i < count; i++) {
      const at = key(node);
      const child = node.address();
      if (child === undefined) throw damaged('a branch that leads nowhere');
      if (level === 0) visit(at, child);
      else children.push(child);
    }
    stack.push(...children.reverse());
  }
}

/** A link by itself; those to other files, or by path, are left out. */
function readLink(view: ByteView, links: Map<string, number>): void {
  view.skip(1);
  const flags = view.u8();
  const kind = (flags & 8) !== 0 ? view.u8() : 0;
  view.skip(((flags & 4) !== 0 ? 8 : 0) + ((flags & 16) !== 0 ? 1 : 0));
  const name = textOf(view.bytes(view.unsigned(1 << (flags & 3))));
  if (kind !== 0) return;
  const address = view.address();
  if (address !== undefined) links.set(name, address);
}
