import { WhittleError } from './errors.js';
import type { Attributes, OpDefinition } from './op.js';
import type { DType, Quantization, Tensor } from './tensor.js';

/** Names a value: a model input, a parameter or a node's output. Unique in a model and readable, as in 'conv1/kernel'. */
export type Id = string;

/** An extent in elements, or the batch size that `bind` fixes. */
export type Dim = number | 'batch';

/** What is known of a value before it is computed. */
export interface ValueType {
  readonly dtype: DType;
  readonly shape: readonly Dim[];
  readonly quantization?: Quantization;
}

/** One application of an op. It holds the definition itself, not a name. Trailing optional operands are left out. */
export interface Node {
  readonly op: OpDefinition;
  readonly attributes: Attributes;
  readonly inputs: readonly Id[];
  readonly outputs: readonly Id[];
}

export type ParameterRole = 'weight' | 'bias' | 'scale' | 'offset' | 'mean' | 'variance' | 'range';

/** A constant of the model. One that is used twice is shared. */
export interface Parameter {
  readonly id: Id;
  readonly tensor: Tensor;
  readonly role: ParameterRole;
  readonly trainable: boolean;
  /** 0 where the element is held at zero, else 1; of the tensor's shape. */
  readonly mask?: Tensor<'uint8'>;
  /** The values that elements may take, ascending. */
  readonly codebook?: Float32Array;
}

/** How raw data becomes the model's input: (raw - mean) / scale, per channel or one value for all. */
export interface Preprocess {
  readonly layout: 'NHWC' | 'NTC' | 'NC';
  /** The smallest and largest raw value. */
  readonly range: readonly [number, number];
  readonly mean: readonly number[];
  readonly scale: readonly number[];
}

export interface ModelInput {
  readonly id: Id;
  /** What callers feed it by, where that isn't the id; distinct from the others'. */
  readonly name?: string;
  readonly preprocess?: Preprocess;
}

export interface ModelOutput {
  readonly id: Id;
  /** What callers fetch it by, where that isn't the id; distinct from the others'. */
  readonly name?: string;
  /** Names of the classes, in order of the last axis. */
  readonly labels?: readonly string[];
}

/**
 * A tensor kept from one inference to the next. `in` is read during an inference, and is of no node; at its end `out`, any
 * value of the same type, replaces it. Before the first inference it is `initial`. All states change at once: one whose
 * `out` is another's `in` takes what that was during the inference.
 */
export interface ModelState {
  readonly in: Id;
  readonly out: Id;
  /** For one stream: where the type of `in` has a free batch, it is 1 here. */
  readonly initial: Tensor;
}

/**
 * A neural network as a readonly value in SSA form: every value is defined once, nodes are in topological order.
 * Activations are NHWC; weights as tfjs has them (convolution HWIO, depthwise HWCM, dense [in, out]).
 */
export interface Model {
  readonly name: string;
  readonly inputs: readonly ModelInput[];
  readonly outputs: readonly ModelOutput[];
  readonly nodes: readonly Node[];
  readonly parameters: ReadonlyMap<Id, Parameter>;
  /** Types of the inputs and of every node's outputs; a parameter's type is its tensor's. */
  readonly values: ReadonlyMap<Id, ValueType>;
  readonly states: readonly ModelState[];
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * An id shortened for people: TFLite's converter names a fused layer after all that went into it, with semicolons between.
 * No key: two ids may have one.
 */
export function displayName(id: Id): string {
  return id.split(';', 1)[0] || id;
}

/** The name a person knows a node by: that of its first output. */
export function nodeName(node: Node): string {
  return node.outputs[0];
}

/** Type of any value, parameters included. @throws MODEL_INVALID where there is no such value. */
export function typeOf(model: Pick<Model, 'values' | 'parameters'>, id: Id): ValueType {
  const type = model.values.get(id) ?? model.parameters.get(id)?.tensor;
  if (!type) throw new WhittleError('MODEL_INVALID', `no value '${id}' in the model`);
  return type;
}

/** The concrete extents of a shape, the batch being `batch` (1 unless told). */
export function concrete(shape: readonly Dim[], batch = 1): number[] {
  return shape.map((dim) => (dim === 'batch' ? batch : dim));
}

/** A shape as people write it: [batch, 28, 28, 1]. */
export function formatShape(shape: readonly Dim[]): string {
  return `[${shape.join(', ')}]`;
}

/** The type of a value that holds a tensor like this one. */
export function tensorType({ dtype, shape, quantization }: Tensor): ValueType {
  return quantization ? { dtype, shape, quantization } : { dtype, shape };
}

/** dtype and shape as people write them: int8[1, 2, 40]. */
export function formatType({ dtype, shape }: Pick<ValueType, 'dtype' | 'shape'>): string {
  return `${dtype}${formatShape(shape)}`;
}

export function sameShape(a: readonly Dim[], b: readonly Dim[]): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}
