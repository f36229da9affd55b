import { checkOperands, concrete, ModelBuilder, sizeOf, tensor } from '@whittle/core';
import type {
  Dim,
  DType,
  Id,
  Model,
  ModelInput,
  ModelOutput,
  OpDefinition,
  ParameterRole,
  Tensor,
  ValueType,
} from '@whittle/core';
import { BatchMixed, invalid } from '../faults.js';
import type { Computed, Known, Operand } from './value.js';

/** A value of more elements is taken for damage. */
const mostElements = 2 ** 31 - 1;
/** Elements that known values may have beside those in the file, for each in the file and at least. */
const knownForEach = 2;
const knownAtLeast = 1 << 22;

/** How an op is applied. */
export interface ApplyOptions {
  /** Of parameters that known operands become, by operand; 'weight' unless told. */
  readonly roles?: readonly (ParameterRole | undefined)[];
  /** Set where the op moves elements about without computing with them: known sizes of the batch stay known. */
  readonly moves?: boolean;
  /** Set where the op isn't computed now even where its operands are known: it is for weights. */
  readonly isLinear?: boolean;
}

/** Builds a model's nodes; what is known of a graph is computed at once and leaves none. */
export class GraphWriter {
  readonly #builder: ModelBuilder;
  readonly #names = new Set<string>();
  readonly #inputs = new Set<Id>();
  readonly #parameters = new Map<Tensor, Id>();
  /** Elements that may still be computed now. */
  #budget: number;

  constructor(name: string, elementsInFile: number) {
    this.#builder = new ModelBuilder(name);
    this.#budget = knownForEach * elementsInFile + knownAtLeast;
  }

  /** An id that nothing has yet: `base`, or `base_1` and so on. */
  #fresh(base: string): Id {
    let id = base;
    for (let i = 1; this.#names.has(id); i++) id = `${base}_${i}`;
    this.#names.add(id);
    return id;
  }

  input(name: string, shape: readonly Dim[], dtype: DType, called: Pick<ModelInput, 'name'>): Computed {
    const id = this.#builder.input(this.#fresh(name), shape, { dtype, ...called });
    this.#inputs.add(id);
    return { kind: 'computed', id, dtype, shape };
  }

  isInput(id: Id): boolean {
    return this.#inputs.has(id);
  }

  /** An operand's id; of a known one that of a parameter, one for each tensor. */
  idOf(operand: Operand, role: ParameterRole = 'weight', trainable = false): Id {
    if (operand.kind === 'computed') return operand.id;
    if (operand.batch) throw new BatchMixed(operand.name, 'the size of the batch is computed with');
    let id = this.#parameters.get(operand.tensor);
    if (id === undefined) {
      id = this.#builder.parameter(this.#fresh(operand.name), operand.tensor, role, trainable);
      this.#parameters.set(operand.tensor, id);
    }
    return id;
  }

  /** What an op makes of its operands: computed now where all are known, else by nodes. @throws FORMAT_INVALID, BatchMixed */
  apply<A>(
    name: string,
    op: OpDefinition<A>,
    attributes: A,
    operands: readonly Operand[],
    options: ApplyOptions = {},
  ): Operand[] {
    checkOperands(op, operands.length, name);
    const inputs = operands.map((operand): ValueType => {
      if (operand.kind === 'known') return operand.tensor;
      return { dtype: operand.dtype, shape: operand.shape };
    });
    const types = op.infer({ name, attributes, inputs });
    for (const { shape } of types)
      if (sizeOf(concrete(shape)) > mostElements)
        throw invalid(name, `a value of shape [${shape.join(', ')}], more than any machine holds`);
    const known = operands.filter((operand) => operand.kind === 'known');
    if (known.length === operands.length && !options.isLinear)
      return this.#compute(name, op, attributes, known, types, options.moves === true);
    const { roles = [] } = options;
    const ids = operands.map((operand, i) => this.idOf(operand, roles[i], roles[i] !== undefined));
    const outputs = types.map((_, i) => this.#fresh(i === 0 ? name : `${name}:${i}`));
    this.#builder.results(outputs, op, attributes, ids);
    return outputs.map((id, i) => ({
      kind: 'computed',
      id,
      dtype: types[i].dtype,
      shape: types[i].shape,
    }));
  }

  /** Takes elements off what may be computed now. @throws FORMAT_INVALID where there are too many */
  claim(name: string, elements: number): void {
    this.#budget -= elements;
    if (!(this.#budget >= 0))
      throw invalid(name, 'known values of more elements than a model of this size has');
  }

  #compute<A>(
    name: string,
    op: OpDefinition<A>,
    attributes: A,
    operands: readonly Known[],
    types: readonly ValueType[],
    moves: boolean,
  ): Known[] {
    this.claim(
      name,
      types.reduce((sum, { shape }) => sum + sizeOf(concrete(shape)), 0),
    );
    const evaluate = (tensors: readonly Tensor[]) =>
      op.evaluate({ name, attributes, inputs: tensors }, tensors);
    const computed = evaluate(operands.map((operand) => operand.tensor));
    const hasBatch = operands.some(({ batch }) => batch);
    if (hasBatch && !moves) throw new BatchMixed(name, 'the size of the batch is computed with');
    const batches = hasBatch ? evaluate(operands.map(batchFlags)) : [];
    return computed.map((value, i) => {
      const own: Known = { kind: 'known', name, tensor: asType(value, types[i].dtype) };
      return batches[i]?.data.some((flag) => Number(flag) !== 0) ? { ...own, batch: batches[i] } : own;
    });
  }

  /** @throws MODEL_INVALID, SHAPE_MISMATCH, OPTION_INVALID */
  finish(outputs: readonly ModelOutput[], metadata: Readonly<Record<string, string>>): Model {
    for (const { id, ...called } of outputs) this.#builder.output(id, called);
    this.#builder.metadata(metadata);
    return this.#builder.finish();
  }
}

/** Where elements are the batch, of the operand's type. */
function batchFlags({ tensor: value, batch }: Known): Tensor {
  return batch ? asType(batch, value.dtype) : tensor(value.dtype, value.shape);
}

/** Ops compute in float32; integers and truth values are exact in it, as far as sizes go. */
function asType(value: Tensor, dtype: DType): Tensor {
  if (value.dtype === dtype) return value;
  const data = Array.from(value.data as Float32Array, Number);
  return tensor(dtype, value.shape, data);
}
