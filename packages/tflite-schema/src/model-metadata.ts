import { Builder, ByteBuffer } from 'flatbuffers';
import { WhittleError } from '@whittle/core';
import { ModelMetadata } from './generated/tflite-metadata.js';
import type { ModelMetadataT } from './generated/tflite-metadata.js';
import { verifyTables } from './verify-tables.js';

/** The name of the metadata entry whose buffer holds what inputs and outputs mean. */
export const METADATA_ENTRY = 'TFLITE_METADATA';

const identifier = 'M001';

/**
 * Reads the buffer of `METADATA_ENTRY`: TFLite Metadata. What its label files hold is appended to the file (`appendedFiles`).
 * @throws FORMAT_INVALID where the bytes are none, or point outside of themselves
 */
export function readModelMetadata(bytes: Uint8Array): ModelMetadataT {
  const found = bytes.length < 8 ? '' : String.fromCharCode(...bytes.subarray(4, 8));
  if (found !== identifier)
    throw new WhittleError(
      'FORMAT_INVALID',
      `.tflite: metadata of ${bytes.length} bytes with identifier ${JSON.stringify(found)}, expected "${identifier}"`,
    );
  verifyTables(bytes, 'ModelMetadata');
  return ModelMetadata.getRootAsModelMetadata(new ByteBuffer(bytes)).unpack();
}

/** Writes what `readModelMetadata` reads; equal metadata give equal bytes. */
export function writeModelMetadata(metadata: ModelMetadataT): Uint8Array {
  const builder = new Builder(1024);
  ModelMetadata.finishModelMetadataBuffer(builder, metadata.pack(builder));
  return builder.asUint8Array().slice();
}
