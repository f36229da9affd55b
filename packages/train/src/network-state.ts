import { checkFeeds, patch, tensor, WhittleError } from '@whittle/core';
import type { Id, LoweringTable, Model, Parameter } from '@whittle/core';
import { compileModel, runCompiled } from './compiled-model.js';
import type { CompiledModel, Probe } from './compiled-model.js';
import { toTf } from './exchange.js';
import { deferralOf } from './graph/defer.js';
import type { Deferral } from './graph/defer.js';
import type { LoweringScope, Mode } from './lowering.js';
import type { TensorFlow, TfTensor } from './tensorflow.js';

/** A parameter that is trained: its values are kept here, where optimizers change them, and go to the library each step. */
export interface TrainedParameter {
  readonly parameter: Parameter;
  readonly values: Float32Array;
  /** 0 where the element is held at zero. */
  readonly mask?: Uint8Array;
}

/** Numbers of a network at one moment, by parameter. */
export type Snapshot = ReadonlyMap<Id, Float32Array>;

/** A model's parameters in the library, while it is trained or used as it is. */
export class NetworkState {
  readonly model: Model;
  readonly trained: ReadonlyMap<Id, TrainedParameter>;
  /** Steps of this network's training run as graphs. */
  readonly deferral: Deferral;
  readonly #tf: TensorFlow;
  readonly #compiled: CompiledModel;
  readonly #tensors = new Map<Id, TfTensor>();
  readonly #states = new Map<Id, TfTensor>();

  private constructor(tf: TensorFlow, model: Model, compiled: CompiledModel, mode: Mode) {
    this.#tf = tf;
    this.deferral = deferralOf(tf);
    this.model = model;
    this.#compiled = compiled;
    const trained = new Map<Id, TrainedParameter>();
    for (const [id, parameter] of compiled.model.parameters) {
      const learns = mode === 'training' && parameter.trainable && model.parameters.has(id);
      if (learns) trained.set(id, trainedParameter(parameter));
      const values = trained.get(id)?.values ?? copyOf(parameter.tensor.data);
      this.#tensors.set(
        id,
        toTf(tf, { ...parameter.tensor, data: values } as Parameter['tensor'], `parameter '${id}'`),
      );
    }
    for (const state of compiled.model.states)
      this.#states.set(state.in, toTf(tf, state.initial, `state '${state.in}'`));
    this.trained = trained;
  }

  /** @throws OP_UNSUPPORTED, MODEL_NOT_TRAINABLE */
  static async create(
    tf: TensorFlow,
    model: Model,
    mode: Mode,
    lowerings?: LoweringTable,
  ): Promise<NetworkState> {
    return new NetworkState(tf, model, await compileModel(model, mode, lowerings), mode);
  }

  /** The parameter as the library has it; it changes with every step. */
  tensor(id: Id): TfTensor {
    return this.#tensors.get(id) as TfTensor;
  }

  /** Computes all values from the inputs, within the caller's `tidy`. @throws SHAPE_MISMATCH where inputs don't fit */
  run(
    inputs: readonly TfTensor[],
    scope: Omit<LoweringScope, 'tf' | 'setStatistic'>,
    probe?: Probe,
  ): Map<Id, TfTensor> {
    if (inputs.length !== this.model.inputs.length)
      throw new WhittleError(
        'SHAPE_MISMATCH',
        `${this.model.name} takes ${this.model.inputs.length} inputs, found ${inputs.length}`,
      );
    const feeds = new Map(this.model.inputs.map(({ id }, i) => [id, inputs[i]]));
    checkFeeds(this.model, feeds);
    const values = new Map<Id, TfTensor>([...this.#tensors, ...this.#states, ...feeds]);
    const setStatistic = (id: Id, value: TfTensor) => {
      this.#replace(id, this.#tf.keep(value));
      values.set(id, value);
    };
    runCompiled(this.#compiled, values, { ...scope, tf: this.#tf, setStatistic }, probe);
    return values;
  }

  /** Lets the values that `run` gave replace the states, within the caller's `tidy`. */
  advance(values: ReadonlyMap<Id, TfTensor>): void {
    const next = this.model.states.map((state) => {
      const value = this.#tf.keep((values.get(state.out) as TfTensor).clone());
      return [state.in, value] as const;
    });
    for (const [id, value] of next) {
      this.#states.get(id)?.dispose();
      this.#states.set(id, value);
    }
  }

  /** Brings changed values of a trained parameter to the library; masked elements become zero. */
  commit({ parameter: { id, tensor: old }, values, mask }: TrainedParameter): void {
    if (mask) for (let i = 0; i < values.length; i++) if (mask[i] === 0) values[i] = 0;
    this.#replace(id, this.#tf.keep(this.#tf.tensor(values, [...old.shape])));
  }

  /** All float32 parameters as they are now, copied. */
  snapshot(): Map<Id, Float32Array> {
    const copies = new Map<Id, Float32Array>();
    for (const [id, value] of this.#tensors)
      if (value.dtype === 'float32' && this.model.parameters.has(id))
        copies.set(id, Float32Array.from(this.trained.get(id)?.values ?? (value.dataSync() as Float32Array)));
    return copies;
  }

  /** Brings back what `snapshot` gave. */
  restore(snapshot: Snapshot): void {
    for (const [id, values] of snapshot) {
      const trained = this.trained.get(id);
      if (trained) {
        trained.values.set(values);
        this.commit(trained);
      } else this.#replace(id, this.#tf.keep(this.#tf.tensor(values.slice(), [...this.tensor(id).shape])));
    }
  }

  /** The model with these numbers; the same object where none differs. */
  toModel(snapshot: Snapshot = this.snapshot()): Model {
    return patch(this.model, (edit) => {
      for (const [id, values] of snapshot) {
        const { tensor: old } = this.model.parameters.get(id) as Parameter;
        if (values.some((value, i) => !Object.is(value, old.data[i])))
          edit.setParameter(id, { tensor: tensor('float32', old.shape, values.slice()) });
      }
    });
  }

  dispose(): void {
    this.deferral.dispose();
    for (const value of [...this.#tensors.values(), ...this.#states.values()]) value.dispose();
    this.#tensors.clear();
    this.#states.clear();
  }

  #replace(id: Id, value: TfTensor): void {
    this.#tensors.get(id)?.dispose();
    this.#tensors.set(id, value);
  }
}

function trainedParameter(parameter: Parameter): TrainedParameter {
  const { id, tensor: value, mask, codebook } = parameter;
  const refuse = (reason: string) =>
    new WhittleError('MODEL_NOT_TRAINABLE', `parameter '${id}' can't be trained: ${reason}`);
  if (value.dtype !== 'float32') throw refuse(`it is of ${value.dtype}, not float32`);
  if (codebook) throw refuse(`its elements are held to the ${codebook.length} values of a codebook`);
  return { parameter, values: Float32Array.from(value.data as Float32Array), mask: mask?.data };
}

function copyOf<T extends Parameter['tensor']['data']>(data: T): T {
  return data.slice() as T;
}
