import { concrete, float32, ModelBuilder, sizeOf, tensor } from '@whittle/core';
import type { Dim, Id, Model, OpDefinition, ParameterRole, RandomStream, Tensor } from '@whittle/core';
import type { Draw } from '../suites/draw.js';
import { forms, isTame, largestSize, rangeOf } from './drawn-value.js';
import type { DrawnValue, Sample } from './drawn-value.js';

/** An operand that is a state: as what it begins, and which result replaces it. */
export interface DrawnState {
  readonly operand: number;
  readonly result: number;
  readonly initial: Tensor;
}

/** Inferences that each model is evaluated for while it is drawn. */
export const sampleCount = 2;

/** Disturbance of every computed element, relative to 1 + |x|: ten times what runtimes are off for an op. */
const disturbance = 1e-5;

/**
 * A model in the making. Every node is evaluated before it is added: one whose values would overflow, or hang on the last
 * bits of its operands, is not.
 */
export class NetworkDraw {
  readonly draw: Draw;
  /** Inputs and results, in order. */
  readonly values: DrawnValue[] = [];
  readonly #noise: RandomStream;
  readonly #builder: ModelBuilder;
  readonly #inputs: DrawnValue[] = [];
  readonly #parameters: DrawnValue[] = [];
  readonly #read = new Set<Id>();
  readonly #known = new Set<Id>();

  constructor(
    readonly name: string,
    draw: Draw,
    noise: RandomStream,
    /** The batch of the model: 1, or left free. */
    readonly batch: 1 | 'batch',
  ) {
    this.draw = draw;
    this.#noise = noise;
    this.#builder = new ModelBuilder(name);
  }

  /** A shape as attributes have it: with the batch of the model. */
  withBatch(shape: readonly number[]): Dim[] {
    return [this.batch, ...shape.slice(1)];
  }

  input(shape: readonly number[]): DrawnValue {
    const id = this.#builder.input(this.#freshId('input'), this.withBatch(shape));
    const samples = Array.from({ length: sampleCount }, () => same(this.draw.float32(shape, 1)));
    const value: DrawnValue = { id, dtype: 'float32', shape, dims: this.withBatch(shape), samples };
    this.#inputs.push(value);
    this.values.push(value);
    return value;
  }

  /** One of the values that pass, rather a late one, or one that nothing reads yet; undefined where none does. */
  pick(test: (value: DrawnValue) => boolean): DrawnValue | undefined {
    const found = this.values.filter(test);
    if (found.length === 0) return undefined;
    const unread = found.filter(({ id }) => !this.#read.has(id));
    const late = unread.length > 0 && !this.draw.oneIn(4) ? unread : found.slice(-4);
    return this.draw.oneIn(4) ? this.draw.pick(...found) : this.draw.pick(...late);
  }

  /** A float value of one of these ranks, of any unless told. */
  float(...ranks: readonly number[]): DrawnValue | undefined {
    return this.pick(
      ({ dtype, shape }) => dtype === 'float32' && (ranks.length === 0 || ranks.includes(shape.length)),
    );
  }

  constant(value: Tensor, role: ParameterRole = 'weight'): DrawnValue {
    const samples = Array.from({ length: sampleCount }, () => same(value));
    const { dtype, shape } = value;
    return { id: '', dtype, shape, dims: shape, samples, role };
  }

  /** Normal weights; now and then those of another node with the same shape. */
  weight(shape: readonly number[], spread: number, role: ParameterRole = 'weight'): DrawnValue {
    const shared = this.#parameters.filter(
      (each) => each.role === role && each.dtype === 'float32' && each.shape.join() === shape.join(),
    );
    if (shared.length > 0 && this.draw.oneIn(5)) return this.draw.pick(...shared);
    return this.constant(this.draw.float32(shape, spread), role);
  }

  /** Parameters between two bounds. */
  between(shape: readonly number[], low: number, high: number, role: ParameterRole): DrawnValue {
    const data = Float32Array.from(
      { length: sizeOf(shape) },
      () => low + (high - low) * (this.draw.between(0, 1000) / 1000),
    );
    return this.constant(float32(shape, data), role);
  }

  /** A value above `low`: one that is, or what becomes of another. */
  above(low: number, from: DrawnValue, abs: OpDefinition, add: OpDefinition): DrawnValue | undefined {
    if (rangeOf(from).low > low) return from;
    const size = this.add(abs, {}, [from]);
    return (
      size && this.add(add, { activation: 'none' }, [size[0], this.constant(float32([1], [low * 2]))])?.[0]
    );
  }

  /** Adds a node, unless its results are not fit to go on with. */
  add(
    op: OpDefinition,
    attributes: object,
    operands: readonly DrawnValue[],
    states: readonly DrawnState[] = [],
  ): readonly DrawnValue[] | undefined {
    const inputs = operands.map(({ dtype, dims }, at) => {
      const state = states.some(({ operand }) => operand === at);
      return { dtype, shape: state ? this.withBatch(dims as number[]) : dims };
    });
    const types = op.infer({ name: op.name, attributes, inputs });
    if (types.some(({ shape }) => sizeOf(concrete(shape)) > largestSize)) return undefined;
    const results = this.#evaluate(op, attributes, operands, states);
    if (!results.every((samples) => isTame({ samples }))) return undefined;
    return this.#append(op, attributes, operands, states, results);
  }

  /** The model, with what nothing reads, and now and then something else, as outputs, and its inputs for each inference. */
  finish(): { readonly model: Model; readonly inputs: readonly (readonly Tensor[])[] } {
    const computed = this.values.filter((value) => !this.#inputs.includes(value));
    for (const { id } of computed) if (!this.#read.has(id) || this.draw.oneIn(12)) this.#builder.output(id);
    const model = this.#builder.finish();
    const fed = model.inputs.map(({ id }) => this.#inputs.find((input) => input.id === id)!);
    const inputs = Array.from({ length: sampleCount }, (_, i) => fed.map(({ samples }) => samples[i][0]));
    return { model, inputs };
  }

  /** What each result is in each inference. */
  #evaluate(
    op: OpDefinition,
    attributes: object,
    operands: readonly DrawnValue[],
    states: readonly DrawnState[],
  ): Sample[][] {
    const results: Sample[][] = [];
    for (let i = 0; i < sampleCount; i++) {
      const of = forms.map((_, form) => {
        const inputs = operands.map((operand, at) => {
          const state = states.find((each) => each.operand === at);
          if (!state) return operand.samples[i][form];
          return i === 0 ? state.initial : results[state.result][i - 1][form];
        });
        return op.evaluate({ name: op.name, attributes, inputs }, inputs);
      });
      of[0].forEach((_, r) => (results[r] ??= []).push(this.#disturb([of[0][r], of[1][r], of[2][r]])));
    }
    return results;
  }

  #disturb([exact, up, down]: Sample): Sample {
    if (exact.dtype !== 'float32') return [exact, up, down];
    const size = exact.data.length;
    const by = Float64Array.from({ length: size }, () => {
      const draw = this.#noise.float() - 0.5;
      return disturbance * (draw + 0.5 * Math.sign(draw));
    });
    const disturbed = (value: Tensor, sign: number): Tensor =>
      float32(
        value.shape,
        Float32Array.from(value.data as Float32Array, (x, i) => x + sign * by[i] * (1 + Math.abs(x))),
      );
    return [exact, disturbed(up, 1), disturbed(down, -1)];
  }

  #append(
    op: OpDefinition,
    attributes: object,
    operands: readonly DrawnValue[],
    states: readonly DrawnState[],
    results: readonly (readonly Sample[])[],
  ): DrawnValue[] {
    const name = this.#freshId(op.name);
    const stateIds = new Map<DrawnState, Id>();
    const inputs = operands.map((operand, at): Id => {
      const state = states.find((each) => each.operand === at);
      if (state) {
        const { dtype, shape } = state.initial;
        const id = this.#builder.state(this.#freshId(`${name}/state`), state.initial, {
          dtype,
          shape: this.withBatch(shape),
        });
        stateIds.set(state, id);
        return id;
      }
      this.#read.add(operand.id);
      return operand.role ? this.#parameter(name, operand) : operand.id;
    });
    const ids = results.map((_, i) => (i === 0 ? name : this.#freshId(`${name}/${i}`)));
    this.#builder.results(ids, op, attributes, inputs);
    for (const [state, id] of stateIds) this.#builder.nextState(id, ids[state.result]);
    const added = results.map((samples, i): DrawnValue => {
      const [{ dtype, shape }] = samples[0];
      return { id: ids[i], dtype, shape, dims: this.#builder.typeOf(ids[i]).shape, samples };
    });
    const kept = added.filter((_, i) => !states.some(({ result }) => result === i));
    this.values.push(...kept);
    return added;
  }

  #parameter(node: Id, value: DrawnValue): Id {
    if (value.id) return value.id;
    const id = this.#freshId(`${node}/${value.role}`);
    this.#builder.parameter(id, value.samples[0][0], value.role!);
    this.#parameters.push({ ...value, id });
    return id;
  }

  #freshId(base: string): Id {
    let id = base;
    for (let i = 1; this.#known.has(id); i++) id = `${base}_${i}`;
    this.#known.add(id);
    return id;
  }
}

const same = (value: Tensor): Sample => [value, value, value];

/** A zeroed state. */
export function zeros(shape: readonly number[]): Tensor {
  return tensor('float32', shape);
}
