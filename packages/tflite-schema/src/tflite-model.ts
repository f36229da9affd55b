import type {
  ExternalBufferGroupT,
  ExternalBufferT,
  MetadataT,
  OperatorCodeT,
  SignatureDefT,
  SubGraphT,
} from './generated/tflite.js';

/**
 * A .tflite file as plain objects, field by field as the schema has them, but for the buffers: they are bytes here,
 * wherever in the file they lie. Buffer 0 is empty by convention.
 */
export interface TfliteModel {
  version: number;
  description: string | null;
  operatorCodes: OperatorCodeT[];
  subgraphs: SubGraphT[];
  buffers: Uint8Array[];
  metadata: MetadataT[];
  /** Buffers that older converters listed as metadata. */
  metadataBuffer: number[];
  signatureDefs: SignatureDefT[];
  externalBufferGroups: ExternalBufferGroupT[];
  externalBuffers: ExternalBufferT[];
}

/** An empty model of schema version 3, with the empty buffer 0. */
export function emptyTfliteModel(): TfliteModel {
  return {
    version: 3,
    description: null,
    operatorCodes: [],
    subgraphs: [],
    buffers: [new Uint8Array(0)],
    metadata: [],
    metadataBuffer: [],
    signatureDefs: [],
    externalBufferGroups: [],
    externalBuffers: [],
  };
}

/** A name or description as text: '' where there is none. */
export function textOf(name: string | Uint8Array | null): string {
  if (name === null) return '';
  return typeof name === 'string' ? name : new TextDecoder().decode(name);
}
