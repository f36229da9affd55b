import type { Model, Node } from '../model.js';
import { concrete, nodeName, typeOf } from '../model.js';
import type { Cost } from '../op.js';
import { viewNode } from '../op.js';
import { bitsOf, sizeOf } from '../tensor.js';
import { liveRanges } from './liveness.js';

/** Complexity of one inference of batch 1, by the measures that the literature reports. */
export interface ModelCost {
  /** Elements of all parameters, batch-norm statistics and biases included; shared ones count once. */
  readonly parameters: number;
  /** Elements of trainable parameters alone, as most papers count. */
  readonly trainableParameters: number;
  /** Parameters that a mask doesn't hold at zero. */
  readonly nonzeroParameters: number;
  /** Multiply-adds of convolutions and matrix products; one is 2 FLOPs. */
  readonly macs: number;
  /** 2 a MAC, 1 for each bias, scale or element-wise operation; no activation functions, pooling or softmax. */
  readonly flops: number;
  /** `flops` and the operations of activation functions, pooling and softmax. */
  readonly flopsWithActivations: number;
  /** The largest sum of bytes of the activations that must be held at one time, inputs and outputs included. */
  readonly peakActivationBytes: number;
}

/** Complexity of one node of batch 1. */
export interface NodeCost extends Cost {
  readonly name: string;
  readonly op: string;
}

export function modelCost(model: Model): ModelCost {
  const costs = model.nodes.map((node) => costOf(model, node));
  const sum = (pick: (cost: Cost) => number) => costs.reduce((total, cost) => total + pick(cost), 0);
  const parameters = [...model.parameters.values()];
  const flops = sum((cost) => cost.flops);
  return {
    parameters: parameters.reduce((total, p) => total + p.tensor.data.length, 0),
    trainableParameters: parameters.reduce((total, p) => total + (p.trainable ? p.tensor.data.length : 0), 0),
    nonzeroParameters: parameters.reduce(
      (total, p) => total + (p.mask ? countNonzero(p.mask.data) : p.tensor.data.length),
      0,
    ),
    macs: sum((cost) => cost.macs),
    flops,
    flopsWithActivations: flops + sum((cost) => cost.activationFlops),
    peakActivationBytes: peakActivationBytes(model),
  };
}

/** The cost of each node, in order. */
export function nodeCosts(model: Model): NodeCost[] {
  return model.nodes.map((node) => ({ name: nodeName(node), op: node.op.name, ...costOf(model, node) }));
}

/**
 * Bytes of all parameters, each in its own dtype, or in `bits` a parameter where given: "the model at 8 bits". Packed
 * densely, without the overhead of a file format.
 */
export function modelBytes(model: Model, bits?: number): number {
  let total = 0;
  for (const { tensor } of model.parameters.values())
    total += tensor.data.length * (bits ?? bitsOf(tensor.dtype));
  return Math.ceil(total / 8);
}

/**
 * The largest sum of bytes of activations alive at one time, for batch 1: while a node runs, its operands, its results,
 * what later nodes still need and all states are alive. A lower bound of any plan without operations in place.
 */
export function peakActivationBytes(model: Model): number {
  const steps = new Float64Array(model.nodes.length + 2);
  const states = new Set(model.states.map((state) => state.in));
  for (const { id, first, last: lastRead } of liveRanges(model)) {
    const last = states.has(id) ? model.nodes.length : lastRead;
    const { dtype, shape } = typeOf(model, id);
    const bytes = Math.ceil((sizeOf(concrete(shape)) * bitsOf(dtype)) / 8);
    for (let step = first; step <= last; step++) steps[step + 1] += bytes;
  }
  return Math.max(...steps);
}

function costOf(model: Model, node: Node): Cost {
  return node.op.cost(viewNode(model, node));
}

function countNonzero(data: Uint8Array): number {
  return data.reduce((count, value) => count + (value ? 1 : 0), 0);
}
