import { float32 } from '@whittle/core';
import type { Dim, DType, Id, OpDefinition, ParameterRole, Tensor } from '@whittle/core';
import type { LayerConfig } from '../config/network-config.js';
import type { Options } from '../config/options.js';
import { TensorRef } from '../config/tensor-ref.js';
import { invalid, quote, unsupported } from '../faults.js';
import type { GraphWriter } from './graph-writer.js';

/** Whose layers they are: those of TensorFlow.js differ from Keras' in a few places. */
export type LayerRuntime = 'keras' | 'tfjs';

/** One call of a layer that is being read: its options, its operands, and what it adds to the model. */
export class LayerCall {
  readonly layer: LayerConfig;
  readonly options: Options;
  /** The call's name: the layer's, after those of the models around it. */
  readonly name: string;
  /** Keras' major version, of which the file is. */
  readonly major: number;
  readonly runtime: LayerRuntime;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly graph: GraphWriter;
  /** Reads a wrapped layer, or model, on one value, under a name of its own. */
  readonly readInner: (layer: LayerConfig, name: string, x: Id) => Id;
  readonly #valueOf: (ref: TensorRef) => Id;

  constructor(
    layer: LayerConfig,
    place: Pick<LayerCall, 'name' | 'major' | 'runtime' | 'args' | 'kwargs' | 'graph' | 'readInner'>,
    valueOf: (ref: TensorRef) => Id,
  ) {
    this.layer = layer;
    this.options = layer.options;
    this.name = place.name;
    this.major = place.major;
    this.runtime = place.runtime;
    this.args = place.args;
    this.kwargs = place.kwargs;
    this.graph = place.graph;
    this.readInner = place.readInner;
    this.#valueOf = valueOf;
  }

  /** The only operand. @throws OP_UNSUPPORTED where there are several, as initial states of a recurrent layer */
  get input(): Id {
    const inputs = this.inputs;
    if (inputs.length !== 1) throw unsupported(this.where, `${inputs.length} inputs, expected 1`);
    return inputs[0];
  }

  /** The operands: the tensors of the first argument. */
  get inputs(): Id[] {
    const [first, ...rest] = this.args;
    if (rest.some((each) => each instanceof TensorRef) || Object.values(this.kwargs).some(isTensor))
      throw unsupported(this.where, 'tensors as further arguments');
    return this.tensors(first);
  }

  /** The tensors in an argument. */
  tensors(argument: unknown): Id[] {
    const list = Array.isArray(argument) ? (argument as unknown[]) : [argument];
    return list.map((each) => {
      if (!(each instanceof TensorRef)) throw invalid(this.where, `found ${quote(each)}, expected a tensor`);
      return this.#valueOf(each);
    });
  }

  get where(): string {
    return this.name;
  }

  shape(id: Id): readonly Dim[] {
    return this.graph.typeOf(id).shape;
  }

  /** Extents of axes that must be numbers: all but the first. */
  extents(id: Id): number[] {
    return this.shape(id)
      .slice(1)
      .map((dim) => {
        if (dim === 'batch') throw invalid(this.where, 'the batch must be the first axis');
        return dim;
      });
  }

  rank(id: Id): number {
    return this.shape(id).length;
  }

  /** @throws OP_UNSUPPORTED unless the operand has this rank */
  expectRank(id: Id, rank: number): void {
    if (this.rank(id) !== rank)
      throw unsupported(
        this.where,
        `an input of shape [${this.shape(id).join(', ')}], expected rank ${rank}`,
      );
  }

  /** An axis counted from the front, where a file may count from the back. */
  axis(axis: number, rank: number): number {
    const found = axis < 0 ? axis + rank : axis;
    if (!(found >= 0 && found < rank)) throw invalid(this.where, `axis ${axis} of ${rank} axes`);
    return found;
  }

  /** A weight of the layer as a parameter, shared by all its calls. `arrange` brings it to the model's layout. */
  weight(
    name: string,
    role: ParameterRole,
    arrange: (value: Tensor<'float32'>) => Tensor = (value) => value,
  ): Id {
    return this.graph.weight(this.layer, name, role, arrange);
  }

  /** A part of a weight as a parameter of its own. */
  part(of: string, name: string, role: ParameterRole, arrange: (value: Tensor<'float32'>) => Tensor): Id {
    return this.graph.weight(this.layer, of, role, arrange, name);
  }

  /** The weight itself. */
  tensorOf(name: string): Tensor<'float32'> {
    return this.graph.tensorOf(this.layer, name);
  }

  /** A constant that training leaves alone. */
  constant(suffix: string, value: Tensor | number, role: ParameterRole = 'weight'): Id {
    const held = typeof value === 'number' ? float32([], [value]) : value;
    return this.graph.constant(`${this.name}/${suffix}`, held, role);
  }

  /** Adds a node; the call's last one gets the call's name, those before it `suffix` behind it. */
  node<A>(suffix: string, op: OpDefinition<A>, attributes: A, inputs: readonly Id[]): Id {
    return this.graph.node(`${this.name}/${suffix}`, op, attributes, inputs);
  }

  dtype(id: Id): DType {
    return this.graph.typeOf(id).dtype;
  }
}

function isTensor(value: unknown): boolean {
  return value instanceof TensorRef;
}
