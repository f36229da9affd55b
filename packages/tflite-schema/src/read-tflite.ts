import { ByteBuffer } from 'flatbuffers';
import { WhittleError } from '@whittle/core';
import { Model } from './generated/tflite.js';
import type { SubGraphT } from './generated/tflite.js';
import { danglingReference } from './references.js';
import type { TfliteModel } from './tflite-model.js';
import { verifyTables } from './verify-tables.js';

export const fileIdentifier = 'TFL3';

/**
 * Reads a .tflite file. The buffers of the result are views of `bytes`: nothing large is copied. Data that lies behind
 * the flatbuffer (files larger than 2 GB) is found too.
 * @throws FORMAT_INVALID where the bytes are no .tflite, are cut short or damaged, point outside of the file, or refer
 * to tensors, buffers or operators that don't exist.
 */
export function readTflite(bytes: Uint8Array): TfliteModel {
  if (bytes.length < 8) throw invalid(`${bytes.length} bytes are too few, expected a header of 8 bytes`);
  const identifier = String.fromCharCode(...bytes.subarray(4, 8));
  if (identifier !== fileIdentifier)
    throw invalid(`found file identifier ${JSON.stringify(identifier)}, expected "${fileIdentifier}"`);
  verifyTables(bytes);
  const model = unpack(bytes);
  const dangling = danglingReference(model);
  if (dangling) throw invalid(dangling);
  return model;
}

function unpack(bytes: Uint8Array): TfliteModel {
  const root = Model.getRootAsModel(new ByteBuffer(bytes));
  const all = <T>(length: number, get: (index: number) => { unpack(): T } | null): T[] =>
    Array.from({ length }, (_, i) => get(i)!.unpack());
  return {
    version: root.version(),
    description: root.description(),
    operatorCodes: all(root.operatorCodesLength(), (i) => root.operatorCodes(i)),
    subgraphs: withLargeOptions(
      all(root.subgraphsLength(), (i) => root.subgraphs(i)),
      bytes,
    ),
    buffers: Array.from({ length: root.buffersLength() }, (_, i) => {
      const buffer = root.buffers(i)!;
      const data = buffer.dataArray();
      return data?.length ? data : behind(bytes, buffer.offset(), buffer.size(), `buffer ${i}`);
    }),
    metadata: all(root.metadataLength(), (i) => root.metadata(i)),
    metadataBuffer: Array.from({ length: root.metadataBufferLength() }, (_, i) => root.metadataBuffer(i)!),
    signatureDefs: all(root.signatureDefsLength(), (i) => root.signatureDefs(i)),
    externalBufferGroups: all(root.externalBufferGroupsLength(), (i) => root.externalBufferGroups(i)),
    externalBuffers: all(root.externalBuffersLength(), (i) => root.externalBuffers(i)),
  };
}

/** Custom options that lie behind the flatbuffer become ordinary ones, which are copies. */
function withLargeOptions(subgraphs: SubGraphT[], bytes: Uint8Array): SubGraphT[] {
  let copied = 0;
  for (const operator of subgraphs.flatMap((subgraph) => subgraph.operators)) {
    const { largeCustomOptionsOffset: offset, largeCustomOptionsSize: size } = operator;
    operator.largeCustomOptionsOffset = 0n;
    operator.largeCustomOptionsSize = 0n;
    if (operator.customOptions.length > 0) continue;
    const options = behind(bytes, offset, size, 'custom options');
    copied += options.length;
    if (copied > bytes.length) throw invalid('custom options unfold to more than the size of the file');
    operator.customOptions = Array.from(options);
  }
  return subgraphs;
}

/** Bytes given by their place in the file; offsets 0 and 1 mean that there are none. */
function behind(bytes: Uint8Array, offset: bigint, size: bigint, what: string): Uint8Array {
  if (offset <= 1n || size === 0n) return new Uint8Array(0);
  if (offset + size > BigInt(bytes.length))
    throw invalid(`${what} lies at ${offset}, ${size} bytes, in a file of ${bytes.length} bytes`);
  return bytes.subarray(Number(offset), Number(offset + size));
}

function invalid(message: string): WhittleError {
  return new WhittleError('FORMAT_INVALID', `.tflite: ${message}`);
}
