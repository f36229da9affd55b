import type { Options } from './options.js';
import type { TensorRef } from './tensor-ref.js';

/** One application of a layer: arguments with tensors in them as references. */
export interface CallConfig {
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
}

export interface LayerConfig {
  readonly className: string;
  /** Where Keras 3 finds the class; undefined in older files. */
  readonly module?: string;
  readonly name: string;
  readonly options: Options;
  readonly trainable: boolean;
  readonly calls: readonly CallConfig[];
  /** The number that the first call goes by, in the file. */
  readonly firstCall: number;
  /** Layers that this one wraps, by the attribute that Keras keeps them in. */
  readonly inner: readonly InnerLayer[];
  /** Set for models that are used as layers. */
  readonly network?: NetworkConfig;
  /** Set for an input that the file leaves implicit: it has no weights and is in no list of layers. */
  readonly implicit?: boolean;
}

export interface InnerLayer {
  readonly attribute: string;
  readonly layer: LayerConfig;
}

/** A model's graph: Sequential or Functional. */
export interface NetworkConfig {
  readonly name: string;
  readonly layers: readonly LayerConfig[];
  readonly inputs: readonly TensorRef[];
  readonly outputs: readonly TensorRef[];
}
