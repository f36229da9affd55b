import { ByteView } from './byte-view.js';
import { damaged, unread } from './faults.js';

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether bytes begin as an HDF5 file does. */
export function looksLikeHdf5(bytes: Uint8Array): boolean {
  return signature.every((byte, i) => bytes[i] === byte);
}

/** Where the object header of the root group is. @throws FORMAT_INVALID, OP_UNSUPPORTED */
export function rootAddress(bytes: Uint8Array): number {
  if (!looksLikeHdf5(bytes)) throw damaged('no HDF5 file');
  const view = new ByteView(bytes).skip(signature.length);
  const version = view.u8();
  if (version > 3) throw unread(`files of version ${version}, expected 0 to 3`);
  if (version < 2) view.skip(4);
  const [offsets, lengths] = [view.u8(), view.u8()];
  if (offsets !== 8 || lengths !== 8)
    throw unread(`addresses of ${offsets} bytes and lengths of ${lengths}, expected 8`);
  view.skip([9, 13, 1, 1][version]);
  if (view.u64() !== 0) throw unread('files behind other data');
  view.skip(8);
  const end = view.u64();
  if (end > bytes.length) throw damaged(`${bytes.length} bytes, expected ${end}: the file was cut off`);
  if (version < 2) view.skip(16);
  const root = view.address();
  if (root === undefined) throw damaged('no root group');
  return root;
}
