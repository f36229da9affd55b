import { WhittleError } from './errors.js';
import type { DType, Tensor } from './tensor.js';
import { allocate, bitsOf, sizeOf, tensor } from './tensor.js';

/** Dtype names of the safetensors format; int4 is written as I8, one value a byte. */
const names: { readonly [D in DType]: string } = {
  float32: 'F32',
  float16: 'F16',
  int8: 'I8',
  uint8: 'U8',
  int16: 'I16',
  int32: 'I32',
  int64: 'I64',
  int4: 'I8',
  bool: 'BOOL',
};
const dtypeByName = new Map<string, DType>(
  (Object.entries(names) as [DType, string][])
    .filter(([dtype]) => dtype !== 'int4')
    .map(([dtype, name]) => [name, dtype]),
);

/** A header longer than this is refused: the format's own limit is 100 MB. */
const maxHeaderBytes = 100_000_000;

export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bytes of one element as stored in memory and in a file: int4 takes a whole byte. */
function bytesOf(dtype: DType): number {
  return Math.ceil(bitsOf(dtype) / 8);
}

/**
 * Writes tensors, in the order given, as a safetensors file: 8 bytes of header length, a JSON header, then the data,
 * little-endian. The data of each tensor starts at a multiple of 8 bytes of its own section.
 */
export function writeSafetensors({ tensors, metadata }: SafetensorsFile): Uint8Array {
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header.__metadata__ = metadata;
  // Wider elements first, so that each tensor is aligned to its element without gaps, which the format forbids.
  const entries = [...tensors].sort(([, a], [, b]) => bytesOf(b.dtype) - bytesOf(a.dtype));
  let offset = 0;
  for (const [name, { dtype, shape, data }] of entries) {
    header[name] = { dtype: names[dtype], shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = Math.ceil((8 + json.length) / 8) * 8;
  const bytes = new Uint8Array(start + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.fill(0x20, 8, start);
  bytes.set(json, 8);
  let at = start;
  for (const [, { data }] of entries) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Reads a safetensors file.
 * @throws FORMAT_INVALID where it is truncated, isn't of this format, or a tensor's extent doesn't fit its shape
 */
export function readSafetensors(bytes: Uint8Array): SafetensorsFile {
  if (bytes.length < 8) throw invalid(`the file has ${bytes.length} bytes, a header length needs 8`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > BigInt(Math.min(bytes.length - 8, maxHeaderBytes)))
    throw invalid(`a header of ${length} bytes doesn't fit in the file's ${bytes.length}`);
  const start = 8 + Number(length);
  const header = parseHeader(bytes.subarray(8, start));
  const { __metadata__: metadata = {}, ...entries } = header;
  if (!isRecord(metadata) || Object.values(metadata).some((v) => typeof v !== 'string'))
    throw invalid('__metadata__ must map strings to strings');
  const data = bytes.subarray(start);
  const tensors = new Map<string, Tensor>();
  // As no two tensors share bytes, they take no more memory than the file.
  let left = data.length;
  for (const [name, entry] of Object.entries(entries)) {
    const value = readEntry(name, entry, data, left);
    left -= value.data.byteLength;
    tensors.set(name, value);
  }
  return { tensors, metadata: metadata as Record<string, string> };
}

function parseHeader(json: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch (cause) {
    throw invalid('the header is not JSON', cause);
  }
  if (!isRecord(header)) throw invalid('the header is not a JSON object');
  return header;
}

function readEntry(name: string, entry: unknown, data: Uint8Array, left: number): Tensor {
  if (!isRecord(entry)) throw invalid(`tensor '${name}' has no description`);
  const { dtype: dtypeName, shape, data_offsets: offsets } = entry;
  const dtype = typeof dtypeName === 'string' ? dtypeByName.get(dtypeName) : undefined;
  if (!dtype)
    throw invalid(
      `tensor '${name}' is of type ${typeof dtypeName === 'string' ? `'${dtypeName}'` : typeof dtypeName}, which is not one of ${[...dtypeByName.keys()].join(', ')}`,
    );
  if (!isExtents(shape) || !isExtents(offsets) || offsets.length !== 2)
    throw invalid(`tensor '${name}' needs shape and data_offsets as lists of whole numbers`);
  const [from, to] = offsets;
  const size = sizeOf(shape);
  if (from > to || to > data.length || to - from !== size * bytesOf(dtype))
    throw invalid(
      `tensor '${name}' of ${dtype}[${shape.join(', ')}] needs ${size * bytesOf(dtype)} bytes, found ${from} to ${to} of ${data.length}`,
    );
  if (to - from > left) throw invalid(`tensor '${name}' shares bytes with another one`);
  const array = allocate(dtype, size);
  new Uint8Array(array.buffer).set(data.subarray(from, to));
  return tensor(dtype, shape, array);
}

function isExtents(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((v) => Number.isSafeInteger(v) && v >= 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(message: string, cause?: unknown): WhittleError {
  return new WhittleError('FORMAT_INVALID', `safetensors: ${message}`, { cause });
}
