import { Builder } from 'flatbuffers';
import type { Offset } from 'flatbuffers';
import { WhittleError } from '@whittle/core';
import { Buffer, Metadata, Model, OperatorCode, SignatureDef, TensorMap } from './generated/tflite.js';
import type { OperatorCodeT, SignatureDefT, TensorMapT } from './generated/tflite.js';
import { packSubgraph } from './pack-subgraph.js';
import { danglingReference } from './references.js';
import { SharedParts } from './shared-parts.js';
import type { TfliteModel } from './tflite-model.js';

/** Kernels may read constants with vector instructions: their bytes start at multiples of 16 from the file's start. */
const bufferAlignment = 16;

/** Offsets in a flatbuffer are signed 32-bit numbers. */
const maxFileBytes = 2 ** 31 - 1;

/**
 * Writes a .tflite file. Equal models give equal bytes. Lists, strings, options and quantizations that are equal are
 * written once; empty lists and absent names take no space.
 * @throws MODEL_INVALID where an index points to nothing, or the file would be larger than 2 GB.
 */
export function writeTflite(model: TfliteModel): Uint8Array {
  const dangling = danglingReference(model);
  if (dangling) throw new WhittleError('MODEL_INVALID', `.tflite: ${dangling}`);
  const bufferBytes = model.buffers.reduce((sum, data) => sum + data.length + bufferAlignment, 0);
  if (bufferBytes > maxFileBytes)
    throw new WhittleError(
      'MODEL_INVALID',
      `.tflite: ${bufferBytes} bytes of constants, expected at most ${maxFileBytes} in a file`,
    );
  const parts = new SharedParts(new Builder(Math.min(bufferBytes + 16384, maxFileBytes)));
  Model.finishModelBuffer(parts.builder, packModel(model, parts));
  return parts.builder.asUint8Array().slice();
}

function packModel(model: TfliteModel, parts: SharedParts): Offset {
  const { builder } = parts;
  const list = (offsets: Offset[], create: (b: Builder, offsets: Offset[]) => Offset) =>
    offsets.length === 0 ? 0 : create(builder, offsets);
  const buffers = model.buffers.map((data) => packBuffer(data, parts));
  const codes = model.operatorCodes.map((code) => packOperatorCode(code, parts));
  const metadata = model.metadata.map(({ name, buffer }) =>
    Metadata.createMetadata(builder, parts.text(name), buffer),
  );
  const offsets = {
    buffers: Model.createBuffersVector(builder, buffers),
    codes: Model.createOperatorCodesVector(builder, codes),
    subgraphs: Model.createSubgraphsVector(
      builder,
      model.subgraphs.map((s) => packSubgraph(s, parts)),
    ),
    description: parts.text(model.description),
    metadataBuffer: parts.list('ints', model.metadataBuffer, (b) =>
      Model.createMetadataBufferVector(b, model.metadataBuffer),
    ),
    metadata: list(metadata, Model.createMetadataVector),
    signatures: list(
      model.signatureDefs.map((s) => packSignature(s, parts)),
      Model.createSignatureDefsVector,
    ),
    groups: list(
      model.externalBufferGroups.map((g) => g.pack(builder)),
      Model.createExternalBufferGroupsVector,
    ),
    externals: list(
      model.externalBuffers.map((b) => b.pack(builder)),
      Model.createExternalBuffersVector,
    ),
  };
  Model.startModel(builder);
  Model.addVersion(builder, model.version);
  Model.addOperatorCodes(builder, offsets.codes);
  Model.addSubgraphs(builder, offsets.subgraphs);
  Model.addDescription(builder, offsets.description);
  Model.addBuffers(builder, offsets.buffers);
  Model.addMetadataBuffer(builder, offsets.metadataBuffer);
  Model.addMetadata(builder, offsets.metadata);
  Model.addSignatureDefs(builder, offsets.signatures);
  Model.addExternalBufferGroups(builder, offsets.groups);
  Model.addExternalBuffers(builder, offsets.externals);
  return Model.endModel(builder);
}

function packBuffer(data: Uint8Array, { builder }: SharedParts): Offset {
  let bytes = 0;
  if (data.length > 0) {
    builder.prep(bufferAlignment, data.length);
    bytes = builder.createByteVector(data);
  }
  Buffer.startBuffer(builder);
  Buffer.addData(builder, bytes);
  return Buffer.endBuffer(builder);
}

function packOperatorCode(code: OperatorCodeT, parts: SharedParts): Offset {
  const custom = parts.text(code.customCode);
  return OperatorCode.createOperatorCode(
    parts.builder,
    code.deprecatedBuiltinCode,
    custom,
    code.version,
    code.builtinCode,
  );
}

function packSignature(signature: SignatureDefT, parts: SharedParts): Offset {
  const { builder } = parts;
  const maps = (list: TensorMapT[]) =>
    list.map(({ name, tensorIndex }) => TensorMap.createTensorMap(builder, parts.text(name), tensorIndex));
  const inputs = SignatureDef.createInputsVector(builder, maps(signature.inputs));
  const outputs = SignatureDef.createOutputsVector(builder, maps(signature.outputs));
  const key = parts.text(signature.signatureKey);
  return SignatureDef.createSignatureDef(builder, inputs, outputs, key, signature.subgraphIndex);
}
