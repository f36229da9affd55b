import { loweringKey } from '@whittle/core';
import type { Id, NodeView, Tensor, ValueType } from '@whittle/core';
import type { OperatorKind, OperatorOptions } from './operators.js';

/** One operator to be written. Tensor index -1 stands for an absent optional input. */
export interface EmittedOperator {
  readonly operator: OperatorKind;
  /** What the kernels check; 1 unless told. */
  readonly version?: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Tensors that say how an operator's intermediate results are quantized, for the operators that have some. */
  readonly intermediates?: readonly number[];
  readonly options?: OperatorOptions;
  /** Of custom operators: bytes that only their own kernel understands. */
  readonly customOptions?: Uint8Array;
}

/** What a lowering writes to: the subgraph that is being built. Tensors are known by their index in it. */
export interface TfliteEmitContext {
  /** The tensor of a model's value: an input, a node's output, or a parameter as it is. The batch size is 1. */
  tensorOf(id: Id): number;
  /** The parameter behind an operand, to store it in another layout; undefined where the value is computed. */
  parameterOf(id: Id): Tensor | undefined;
  /**
   * Adds a constant. One that was added before with the same name and content is not added again, and equal bytes are
   * stored once in the file, whatever their names.
   */
  addConstant(tensor: Tensor, name: string): number;
  /** Adds a tensor for a result that the model has no value for. */
  addTensor(type: ValueType, name: string): number;
  addOperator(operator: EmittedOperator): void;
}

/**
 * Writes one node: adds the operators that compute `n.outputs` from `n.inputs`.
 * @throws OP_UNSUPPORTED for types or attributes that the format can't express.
 */
export interface TfliteLowering {
  (n: NodeView<never>, context: TfliteEmitContext): void;
  /**
   * Operands that the operator changes in place: by position, and which of the node's outputs is what they become. Such an
   * operand must be a state of the model, and that output its next value; both are one variable tensor in the file, which
   * the operator has as an input only.
   */
  readonly mutates?: readonly { readonly input: number; readonly output: number }[];
}

/** `lower(TFLITE, myOp, () => import('./my-op-tflite.js').then((m) => m.emitMyOp))` in a plugin's list of lowerings. */
export const TFLITE = loweringKey<TfliteLowering>('tflite');
