import { concrete, typeOf } from '@whittle/core';
import type { Id, Model, ModelState, Tensor, ValueType } from '@whittle/core';
import {
  builtinOperatorOf,
  bytesOf,
  operatorCode,
  optionsTypeOf,
  quantizationParameters,
  schema,
  tensorTypeOf,
  textOf,
} from '@whittle/tflite-schema';
import type {
  EmittedOperator,
  OperatorCodeT,
  OperatorT,
  TensorT,
  TfliteEmitContext,
} from '@whittle/tflite-schema';
import { BufferPool } from './buffer-pool.js';
import { inFloat16 } from './stored-weights.js';
import type { StoredWeights } from './stored-weights.js';
import { versionFor } from './versions.js';

const { DEQUANTIZE } = schema.BuiltinOperator;

/** Collects the tensors and operators of a subgraph, and buffers and operator codes of the file, as lowerings add them. */
export class SubgraphWriter implements TfliteEmitContext {
  readonly tensors: TensorT[] = [];
  readonly operators: OperatorT[] = [];
  readonly operatorCodes: OperatorCodeT[];
  readonly pool: BufferPool;
  readonly #model: Model;
  readonly #named: (id: Id) => boolean;
  readonly #weights: StoredWeights;
  readonly #indices = new Map<Id, number>();
  readonly #constants = new Map<string, number>();
  /** The float32 tensors of constants that are stored as float16. */
  readonly #dequantized = new Map<number, number>();

  /**
   * `named` says which tensors get a name in the file, `weights` how float weights are stored; `main` is the writer of the
   * file's first subgraph, if not this.
   */
  constructor(model: Model, named: (id: Id) => boolean, weights: StoredWeights = {}, main?: SubgraphWriter) {
    this.#model = model;
    this.#named = named;
    this.#weights = weights;
    this.operatorCodes = main?.operatorCodes ?? [];
    this.pool = main?.pool ?? new BufferPool();
  }

  /** A writer for another subgraph of the same file, which stores constants as they are. */
  beside(): SubgraphWriter {
    return new SubgraphWriter(this.#model, this.#named, {}, this);
  }

  tensorOf(id: Id): number {
    const known = this.#indices.get(id);
    if (known !== undefined) return known;
    const parameter = this.parameterOf(id);
    const index = parameter ? this.addConstant(parameter, id) : this.addTensor(typeOf(this.#model, id), id);
    this.#indices.set(id, index);
    return index;
  }

  parameterOf(id: Id): Tensor | undefined {
    return this.#weights.dynamicRange?.get(id) ?? this.#model.parameters.get(id)?.tensor;
  }

  addConstant(value: Tensor, name: string): number {
    const half = this.#weights.float16 ? inFloat16(value) : undefined;
    return half ? this.#addDequantized(half, name) : this.#addStored(value, name);
  }

  /** What operators compute with is float32: a DEQUANTIZE stands between. */
  #addDequantized(half: Tensor<'float16'>, name: string): number {
    const stored = this.#addStored(half, name);
    let index = this.#dequantized.get(stored);
    if (index === undefined) {
      index = this.addTensor({ dtype: 'float32', shape: half.shape }, `${name}/float32`);
      this.#dequantized.set(stored, index);
      const version = versionFor(DEQUANTIZE, 'float16');
      this.addOperator({ operator: DEQUANTIZE, version, inputs: [stored], outputs: [index] });
    }
    return index;
  }

  #addStored(value: Tensor, name: string): number {
    const buffer = this.pool.add(bytesOf(value));
    const { dtype, shape, quantization: q } = value;
    const key = [name, buffer, dtype, shape, q?.axis, q?.scale, q?.zeroPoint].join(' ');
    let index = this.#constants.get(key);
    if (index === undefined) this.#constants.set(key, (index = this.#push(value, name, buffer)));
    return index;
  }

  addTensor(type: ValueType, name: string): number {
    return this.#push(type, name, 0);
  }

  /** Adds the tensor that holds a handle of a variable. */
  addResource(name: string): number {
    const written = this.#named(name) ? name : null;
    return this.tensors.push(new schema.TensorT([], schema.TensorType.RESOURCE, 0, written)) - 1;
  }

  /** Adds a variable tensor, for a state that an operator changes in place: before it is `in`, afterwards `out`. Its size is fixed. */
  addVariable(state: ModelState): void {
    const index = this.tensorOf(state.in);
    this.tensors[index].isVariable = true;
    this.tensors[index].shapeSignature = [];
    this.#indices.set(state.out, index);
  }

  addOperator(emitted: EmittedOperator): void {
    const { operator, version, inputs, outputs, intermediates = [] } = emitted;
    const { options = null, customOptions = new Uint8Array(0) } = emitted;
    const code = this.#codeIndex(operatorCode(operator, version));
    const custom = Array.from(customOptions);
    const written = new schema.OperatorT(
      code,
      [...inputs],
      [...outputs],
      optionsTypeOf(options),
      options,
      custom,
    );
    written.intermediates = [...intermediates];
    this.operators.push(written);
  }

  /** A batch dimension is 1, and marked as free. */
  #push({ dtype, shape, quantization }: ValueType, name: string, buffer: number): number {
    const stored = quantization ? quantizationParameters(quantization) : null;
    const written = this.#named(name) ? name : null;
    const added = new schema.TensorT(concrete(shape), tensorTypeOf(dtype), buffer, written, stored);
    if (shape.includes('batch')) added.shapeSignature = shape.map((dim) => (dim === 'batch' ? -1 : dim));
    return this.tensors.push(added) - 1;
  }

  #codeIndex(code: OperatorCodeT): number {
    const same = (other: OperatorCodeT) =>
      builtinOperatorOf(other) === builtinOperatorOf(code) &&
      textOf(other.customCode) === textOf(code.customCode) &&
      other.version === code.version;
    const known = this.operatorCodes.findIndex(same);
    return known >= 0 ? known : this.operatorCodes.push(code) - 1;
  }
}
