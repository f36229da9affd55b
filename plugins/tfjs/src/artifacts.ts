/** How numbers are stored in fewer bits: value * scale + min, or as float16. */
export interface TfjsQuantization {
  readonly dtype: 'uint8' | 'uint16' | 'float16';
  readonly scale?: number;
  readonly min?: number;
}

/** What a file says of one weight. */
export interface TfjsWeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  /** 'optimizer' for what only training reads. */
  readonly group?: string;
  readonly quantization?: TfjsQuantization;
}

/** A model as the IO handlers of TensorFlow.js hold it. */
export interface TfjsArtifacts {
  /** Keras' configuration of a layers model, or the graph of a graph model. */
  readonly modelTopology?: unknown;
  readonly weightSpecs?: readonly unknown[];
  /** The weights' bytes, one after the other in the order of `weightSpecs`, in one piece or several. */
  readonly weightData?: ArrayBuffer | Uint8Array | readonly (ArrayBuffer | Uint8Array)[];
  readonly generatedBy?: string;
  /** Of graph models: which nodes are inputs and outputs. */
  readonly signature?: unknown;
  readonly userDefinedMetadata?: unknown;
}
