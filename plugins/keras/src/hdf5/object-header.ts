import { ByteView } from './byte-view.js';
import { damaged, unread } from './faults.js';

/** Kinds of messages that are read. */
export const messageTypes = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  link: 0x06,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

const wanted: ReadonlySet<number> = new Set(Object.values(messageTypes));

/** A property of an object: its data begins where the view does. */
export interface Message {
  readonly type: number;
  /** A view of its own each time. */
  view(): ByteView;
}

interface Block {
  readonly start: number;
  readonly end: number;
}

/** The messages of the object at an address, of the kinds that are read. */
export function readMessages(file: Uint8Array, address: number): Message[] {
  const head = new ByteView(file, address);
  const isNew = file[address] === 0x4f;
  const first = isNew ? newHeader(head, file.length) : oldHeader(head, file.length);
  const messages: Message[] = [];
  const blocks: Block[] = [first];
  const seen = new Set<number>();
  for (let block = blocks.pop(); block; block = blocks.pop()) {
    if (seen.has(block.start)) throw damaged('an object header that goes on within itself');
    seen.add(block.start);
    const view = new ByteView(file, block.start, block.end);
    const headBytes = isNew ? 4 + first.orderBytes : 8;
    while (view.left >= headBytes) {
      const type = isNew ? view.u8() : view.u16();
      const size = view.u16();
      const flags = view.u8();
      view.skip(isNew ? first.orderBytes : 3);
      const start = block.end - view.left;
      view.skip(size);
      if (!wanted.has(type)) continue;
      if ((flags & 2) !== 0) throw unread('messages that objects share');
      const message = { type, view: () => new ByteView(file, start, start + size) };
      if (type === messageTypes.continuation) blocks.push(continuation(message.view(), isNew, file));
      else messages.push(message);
    }
  }
  return messages;
}

function oldHeader(view: ByteView, length: number) {
  const version = view.u8();
  if (version !== 1) throw damaged(`an object header of version ${version}, expected 1 or 2`);
  const size = view.skip(7).u32();
  view.skip(4);
  const start = length - view.left;
  return { start, end: start + size, orderBytes: 0 };
}

function newHeader(view: ByteView, length: number) {
  const version = view.expect('OHDR').u8();
  if (version !== 2) throw damaged(`an object header of version ${version}, expected 2`);
  const flags = view.u8();
  view.skip(((flags & 0x20) !== 0 ? 16 : 0) + ((flags & 0x10) !== 0 ? 4 : 0));
  const size = view.unsigned(1 << (flags & 3));
  const start = length - view.left;
  return { start, end: start + size, orderBytes: (flags & 4) !== 0 ? 2 : 0 };
}

function continuation(view: ByteView, isNew: boolean, file: Uint8Array): Block {
  const start = view.address();
  const size = view.u64();
  if (start === undefined) throw damaged('an object header that goes on nowhere');
  if (!isNew) return { start, end: start + size };
  new ByteView(file, start).expect('OCHK');
  return { start: start + 4, end: start + size - 4 };
}
