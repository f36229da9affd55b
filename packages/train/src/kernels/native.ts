import type { TensorFlow, TfTensor } from '../tensorflow.js';

/** tfjs's name of its backend over TensorFlow's own library. */
export const nativeBackend = 'tensorflow';

/** What ops of TensorFlow are told: name, kind and value. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** An output of the library that tfjs doesn't hold yet. */
export interface RawOutput {
  readonly id: number;
  readonly dtype: number;
  readonly shape: number[];
}

/** tfjs-node's binding of the library, which numbers tensors; its types aren't published. */
export interface NativeBinding {
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_INT64: number;
  readonly TF_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_BOOL: number;
  createTensor(shape: readonly number[], dtype: number, values: ArrayBufferView): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): ArrayBufferView;
  executeOp(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): RawOutput[];
  /** A graph in a folder, by its tag; gives its number. */
  loadSavedModel(folder: string, tag: string): number;
  /** Names are '<node>:<output>', with commas between them. */
  runSavedModel(graph: number, inputs: readonly number[], feeds: string, outputs: string): RawOutput[];
  deleteSavedModel(graph: number): void;
}

/** What tfjs-node's backend offers to kernels; its types aren't published. */
export interface NativeBackend {
  readonly binding: NativeBinding;
  getInputTensorIds(inputs: readonly unknown[]): number[];
  createOutputTensor(output: RawOutput): TfTensor;
  executeMultipleOutputs(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly unknown[],
    outputs: number,
  ): TfTensor[];
}

/** Whether tfjs computes with TensorFlow's own library. */
export function isNative(tf: TensorFlow): boolean {
  return tf.getBackend() === nativeBackend;
}

/** Whether a kernel named `Whittle*` exists on the backend that computes: on native TensorFlow and in WebAssembly. */
export function hasKernel(tf: TensorFlow, name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) !== undefined;
}

/** The attribute `T`, or another by name, of ops on float32. */
export function floatType({ binding }: NativeBackend, name = 'T'): OpAttribute {
  return { name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
}

/** Registers a kernel on the native backend that is one op of TensorFlow. */
export function registerNative(
  tf: TensorFlow,
  name: string,
  run: (
    backend: NativeBackend,
    inputs: Record<string, unknown>,
    attributes: Record<string, unknown>,
  ) => TfTensor[],
): void {
  tf.registerKernel({
    kernelName: name,
    backendName: nativeBackend,
    kernelFunc: ({ inputs, backend, attrs }) =>
      run(backend as NativeBackend, inputs, (attrs ?? {}) as Record<string, unknown>),
  });
}

/** Runs a kernel that records its gradient, and returns its outputs. */
export function runNative(
  tf: TensorFlow,
  name: string,
  inputs: Record<string, TfTensor>,
  attributes: Record<string, number | boolean | number[]> = {},
): TfTensor[] {
  const result: TfTensor | TfTensor[] = tf.engine().runKernel(name, inputs, attributes);
  return Array.isArray(result) ? result : [result];
}
