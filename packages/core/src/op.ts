import type { ZodType } from 'zod';
import { WhittleError } from './errors.js';
import type { Id, Model, Node, ValueType } from './model.js';
import { formatShape, nodeName, typeOf } from './model.js';
import type { Tensor } from './tensor.js';

/** Attributes are plain JSON: what `load` reads back is what `save` wrote. */
export type Attributes = object;

/** What an op sees of a node before its outputs are known. */
export interface InferView<A = Attributes> {
  readonly name: string;
  readonly attributes: A;
  readonly inputs: readonly ValueType[];
}

/** What an op sees of a node in a model. */
export interface NodeView<A = Attributes> extends InferView<A> {
  readonly outputs: readonly ValueType[];
  readonly inputIds: readonly Id[];
  readonly outputIds: readonly Id[];
}

/**
 * Work of one inference of batch 1. `macs`: multiply-adds of convolutions and matrix products. `flops`: 2 a MAC and
 * 1 for each bias, scale and element-wise arithmetic operation. `activationFlops`: operations of activation functions,
 * pooling and normalization of outputs, which some of the literature counts and some does not.
 */
export interface Cost {
  readonly macs: number;
  readonly flops: number;
  readonly activationFlops: number;
}

/**
 * Atoms along one axis of a value. The i-th atom (0 <= i < count) covers the indices
 * start + (t * count + position(i)) * each + e for 0 <= t < tile and 0 <= e < each, where position(i) = order[i], or i.
 */
export interface Span {
  readonly value: Id;
  readonly axis: number;
  readonly start?: number;
  readonly count: number;
  readonly each?: number;
  readonly tile?: number;
  readonly order?: Int32Array;
}

/**
 * Which channels of an op's operands and results are the same. The i-th atoms of all spans in a tie live and die
 * together. `balance`: atoms of the span lie in `blocks` equal blocks (grouped convolution), which must stay equal.
 * An axis that no tie mentions cannot lose channels.
 */
export interface Channels {
  readonly ties: readonly (readonly Span[])[];
  /** Of each list one tie holds, no matter which: where an axis is cut into several, channels go along one of them. */
  readonly choices?: readonly (readonly (readonly Span[])[])[];
  readonly balance?: readonly { readonly span: Span; readonly blocks: number }[];
}

/**
 * Which rows (axis 1 of NHWC) of the operands an output row needs: output rows [a, b) need the rows
 * [a * stride - before, (b - 1) * stride - before + reach) of each operand that has rows, those outside it being padding.
 */
export interface RowWindow<A = Attributes> {
  readonly stride: number;
  /** Rows of padding above the image. */
  readonly before: number;
  readonly reach: number;
  /** The attributes with which the op computes a stripe of output rows from the rows it needs, and padding beside these. */
  stripe(padding: { readonly top: number; readonly bottom: number }): A;
}

/** An operand's name and whether it may be left out (at the end only). */
export interface Operand {
  readonly name: string;
  readonly optional?: boolean;
  /** Any number of operands from here on. */
  readonly variadic?: boolean;
}

/** The one place that knows an op: passes, cost, memory plans, training and backends read it. */
export interface OpDefinition<A = Attributes> {
  readonly name: string;
  readonly version: number;
  readonly operands: readonly Operand[];
  readonly attributes: ZodType<A>;
  /** Types of the outputs, without quantization. @throws SHAPE_MISMATCH with the node's name. */
  infer(n: InferView<A>): readonly ValueType[];
  cost(n: NodeView<A>): Cost;
  channels(n: NodeView<A>): Channels;
  /** Reference evaluation in float32 of concrete tensors, in inference mode. */
  evaluate(n: InferView<A>, inputs: readonly Tensor[]): readonly Tensor[];
  /**
   * Set for ops that multiply with a weight (operand 1) and add a bias (operand 2, one element an output channel): which
   * axes of the weight count output channels. They are its innermost ones, in order.
   */
  readonly linear?: { readonly outputAxes: readonly number[] };
  /**
   * Set for ops that only move elements, or make one of several that are equal: a channel that holds one value throughout
   * the operand holds it throughout the result, wherever the ties put it.
   */
  readonly movesChannels?: true;
  /** Set for ops of one output [N, H, W, C] that can be computed stripe by stripe of rows. */
  rows?(n: NodeView<A>): RowWindow<A> | undefined;
  /** Attributes after channels were removed, where they hold extents; `n` has the new types. */
  resize?(n: NodeView<A>): A;
  /**
   * The op in terms of simpler ones, for whoever has no lowering of its own: adds nodes and constants, returns the
   * results' ids.
   */
  decompose?(n: NodeView<A>, add: AddNode, constant: AddConstant): readonly Id[];
}

/** Adds a node and returns the ids of its outputs. */
export type AddNode = <A>(op: OpDefinition<A>, attributes: A, inputs: readonly Id[]) => readonly Id[];

/** Adds a constant and returns its id: a tensor, or one float32 number, of shape [1]. `what` names it. */
export type AddConstant = (value: Tensor | number, what: string) => Id;

/** Declares an op; a constant of its own module, passed on by value. */
export function defineOp<A>(definition: OpDefinition<A>): OpDefinition<A> {
  return definition;
}

/** Attributes of a node whose op is known to be `op`, typed. @throws OP_UNSUPPORTED where it is another op. */
export function attributesOf<A>(node: Node, op: OpDefinition<A>): A {
  if (!isOp(node, op))
    throw new WhittleError(
      'OP_UNSUPPORTED',
      `${nodeName(node)}: expected ${op.name}, found ${node.op.name}`,
      { node: nodeName(node) },
    );
  return node.attributes as A;
}

/** Whether a node applies this op (same name and version: definitions may come from two copies of a package). */
export function isOp<A>(node: Node, op: OpDefinition<A>): boolean {
  return node.op.name === op.name && node.op.version === op.version;
}

/** The view that an op gets of one of a model's nodes. */
export function viewNode(model: Pick<Model, 'values' | 'parameters'>, node: Node): NodeView {
  return {
    name: nodeName(node),
    attributes: node.attributes,
    inputs: node.inputs.map((id) => typeOf(model, id)),
    outputs: node.outputs.map((id) => typeOf(model, id)),
    inputIds: node.inputs,
    outputIds: node.outputs,
  };
}

/** @throws SHAPE_MISMATCH, with the node's name in front, unless the condition holds. */
export function expectShape(
  condition: boolean,
  n: { readonly name: string },
  message: () => string,
): asserts condition {
  if (!condition) throw new WhittleError('SHAPE_MISMATCH', `${n.name}: ${message()}`, { node: n.name });
}

/** @throws SHAPE_MISMATCH unless the i-th operand has this rank. */
export function expectRank(n: InferView<unknown>, index: number, rank: number, what: string): void {
  const type = n.inputs[index];
  expectShape(type !== undefined, n, () => `operand ${index} (${what}) is missing`);
  expectShape(
    type.shape.length === rank,
    n,
    () => `${what} must have rank ${rank}, found shape ${formatShape(type.shape)}`,
  );
}

/** @throws MODEL_INVALID where the number of operands doesn't fit the definition. */
export function checkOperands(
  op: Pick<OpDefinition, 'name' | 'operands'>,
  count: number,
  name: string,
): void {
  const least = op.operands.filter((o) => !o.optional).length;
  const variadic = op.operands.some((o) => o.variadic);
  if (count < least || (!variadic && count > op.operands.length)) {
    const expected = variadic
      ? `at least ${least}`
      : least === op.operands.length
        ? `${least}`
        : `${least} to ${op.operands.length}`;
    throw new WhittleError(
      'MODEL_INVALID',
      `${name}: ${op.name} takes ${expected} operands, found ${count}`,
      { node: name },
    );
  }
}
