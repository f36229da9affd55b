import { WhittleError } from '@whittle/core';
import type { NativeBinding, OpAttribute, RawOutput } from '../kernels/native.js';
import type { StepGraphs } from './step-graphs.js';
import { completeAttributes, describeTensor, learnOutputs, mayWait } from './op-outputs.js';
import type { TensorType } from './op-outputs.js';

interface PendingOp {
  readonly name: string;
  readonly attributes: readonly OpAttribute[];
  readonly told: string;
  readonly inputs: readonly number[];
  readonly outputs: readonly RawOutput[];
}

/** Above all numbers that the library gives tensors. */
const firstId = 2 ** 40;
/** Integers up to this many elements, which are shapes, axes and margins, are part of a graph. */
const smallConstant = 32;

/**
 * tfjs-node's binding, whose ops can be made to wait: their results have numbers of their own and known shapes, and all that
 * wait run as one graph as soon as a value is read. TensorFlow then works on several at once and in place, where single ops
 * cost an allocation and a hand-over each.
 */
export class DeferredOps {
  readonly binding: NativeBinding;
  readonly #real: NativeBinding;
  #graphs: StepGraphs | undefined;
  #pending: PendingOp[] = [];
  /** Of results that wait and are still wanted: where they come from. */
  readonly #wanted = new Map<number, { readonly op: number; readonly output: number }>();
  /** Of tensors that the library doesn't hold under the number that tfjs knows. */
  readonly #resolved = new Map<number, number>();
  readonly #types = new Map<number, TensorType>();
  readonly #released: number[] = [];
  readonly #learned = new Map<string, readonly Omit<RawOutput, 'id'>[] | undefined>();
  #next = firstId;

  constructor(real: NativeBinding) {
    this.#real = real;
    const own = Object.fromEntries(
      Object.getOwnPropertyNames(real).map((name) => [
        name,
        (real as unknown as Record<string, unknown>)[name],
      ]),
    ) as unknown as NativeBinding;
    this.binding = {
      ...own,
      createTensor: (shape, dtype, values) => this.#create(shape, dtype, values),
      deleteTensor: (id) => this.#delete(id),
      tensorDataSync: (id) => real.tensorDataSync(this.#read(id)),
      executeOp: (name, attributes, inputs, outputs) => this.#execute(name, attributes, inputs, outputs),
      runSavedModel: (session, inputs, feeds, outputs) =>
        this.#know(
          real.runSavedModel(
            session,
            inputs.map((id) => this.#read(id)),
            feeds,
            outputs,
          ),
        ),
    };
  }

  /** Lets the ops of `compute` wait; none waits any more when it has ended. */
  defer<T>(graphs: StepGraphs, compute: () => T): T {
    if (this.#graphs) return compute();
    this.#graphs = graphs;
    try {
      const result = compute();
      this.#flush();
      return result;
    } finally {
      // After an error too: tensors that outlive it may wait for their values.
      try {
        this.#flush();
      } finally {
        this.#graphs = undefined;
      }
    }
  }

  #create(shape: readonly number[], dtype: number, values: ArrayBufferView): number {
    const id = this.#real.createTensor(shape, dtype, values);
    const isConstant =
      this.#graphs &&
      dtype === this.#real.TF_INT32 &&
      values instanceof Int32Array &&
      values.length <= smallConstant;
    const constant = isConstant ? Int32Array.from(values) : undefined;
    this.#types.set(id, { dtype, shape: [...shape], text: describeTensor(dtype, shape, constant), constant });
    return id;
  }

  #delete(id: number): void {
    if (this.#wanted.delete(id)) return;
    const held = this.#resolved.get(id) ?? id;
    this.#resolved.delete(id);
    if (held >= firstId) return;
    if (this.#pending.length > 0) this.#released.push(held);
    else this.#release(held);
  }

  #release(id: number): void {
    this.#types.delete(id);
    this.#real.deleteTensor(id);
  }

  /** The library's number of a tensor whose value is to be read. */
  #read(id: number): number {
    if (this.#wanted.has(id)) this.#flush();
    return this.#resolved.get(id) ?? id;
  }

  #execute(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): RawOutput[] {
    const held = inputs.map((id) => this.#resolved.get(id) ?? id);
    if (this.#graphs) {
      const told = `${name} ${JSON.stringify(attributes)}`;
      const types = this.#outputsOf(name, attributes, held, outputs, told);
      if (types) {
        const operands = held.map((id) => this.#types.get(id)!);
        const all = completeAttributes(this.#real, name, attributes, operands);
        return this.#wait({ name, attributes: all, told, inputs: held }, types);
      }
      this.#flush();
    }
    return this.#know(
      this.#real.executeOp(
        name,
        attributes,
        inputs.map((id) => this.#resolved.get(id) ?? id),
        outputs,
      ),
    );
  }

  /** Types of an op's results, as they were found the first time; undefined for an op that can't wait. */
  #outputsOf(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
    told: string,
  ): readonly Omit<RawOutput, 'id'>[] | undefined {
    const types = inputs.map((id) => this.#types.get(id));
    const key = `${told} ${types.map((type) => type?.text).join(' ')}`;
    if (!this.#learned.has(key)) {
      const known = types.every((type) => type !== undefined) && mayWait(this.#real, name, types);
      const operands = inputs.map((id, i) => ({ id: id < firstId ? id : undefined, type: types[i]! }));
      const found = known ? learnOutputs(this.#real, { name, attributes, operands, outputs }) : undefined;
      this.#learned.set(key, found);
    }
    return this.#learned.get(key);
  }

  #wait(op: Omit<PendingOp, 'outputs'>, types: readonly Omit<RawOutput, 'id'>[]): RawOutput[] {
    const results = types.map(({ dtype, shape }) => ({ id: this.#next++, dtype, shape: [...shape] }));
    results.forEach(({ id, dtype, shape }, output) => {
      this.#wanted.set(id, { op: this.#pending.length, output });
      this.#types.set(id, { dtype, shape, text: describeTensor(dtype, shape) });
    });
    this.#pending.push({ ...op, outputs: results });
    return results;
  }

  #know(outputs: RawOutput[]): RawOutput[] {
    for (const { id, dtype, shape } of outputs)
      this.#types.set(id, { dtype, shape: [...shape], text: describeTensor(dtype, shape) });
    return outputs;
  }

  #flush(): void {
    const ops = this.#pending;
    if (ops.length === 0) return;
    const wanted = [...this.#wanted];
    this.#pending = [];
    this.#wanted.clear();
    try {
      if (wanted.length > 0) this.#run(ops, wanted);
    } finally {
      for (const { outputs } of ops) for (const { id } of outputs) this.#types.delete(id);
      for (const id of this.#released.splice(0)) this.#release(id);
    }
  }

  #run(
    ops: readonly PendingOp[],
    wanted: readonly (readonly [number, { op: number; output: number }])[],
  ): void {
    const made = new Map<number, { readonly op: number; readonly output: number }>();
    const feeds = new Map<number, number>();
    const wired = ops.map(({ name, attributes, inputs, outputs }, op) => {
      const operands = inputs.map((id) => {
        const from = made.get(id);
        if (from) return from;
        if (!feeds.has(id)) feeds.set(id, feeds.size);
        return { feed: feeds.get(id)! };
      });
      outputs.forEach(({ id }, output) => made.set(id, { op, output }));
      return { name, attributes, inputs: operands };
    });
    const fed = [...feeds.keys()];
    const types = fed.map((id) => this.#types.get(id)!);
    const outputs = wanted.map(([, from]) => from);
    const names = wired.map(({ inputs }, i) => {
      const operands = inputs.map((from) => ('feed' in from ? `f${from.feed}` : `${from.op}.${from.output}`));
      return `${ops[i].told} ${operands.join(' ')}`;
    });
    const key = [
      ...names,
      types.map(({ text }) => text).join(' '),
      outputs.map(({ op, output }) => `${op}.${output}`).join(' '),
    ].join('\n');
    const plan = () => ({ ops: wired, feeds: types, outputs });
    const results = this.#graphs!.run(key, plan, fed);
    if (!results) return this.#runSingly(ops, new Set(wanted.map(([id]) => id)));
    results.forEach((result, i) => {
      const [id, { op, output }] = wanted[i];
      expectShape(ops[op].name, ops[op].outputs[output].shape, result.shape);
      this.#resolved.set(id, result.id);
    });
  }

  #runSingly(ops: readonly PendingOp[], wanted: ReadonlySet<number>): void {
    for (const { name, attributes, inputs, outputs } of ops) {
      const held = inputs.map((id) => this.#resolved.get(id) ?? id);
      const results = this.#know(this.#real.executeOp(name, attributes, held, outputs.length));
      results.forEach((result, i) => this.#resolved.set(outputs[i].id, result.id));
    }
    for (const { outputs } of ops)
      for (const { id } of outputs)
        if (!wanted.has(id)) {
          this.#release(this.#resolved.get(id)!);
          this.#resolved.delete(id);
        }
  }
}

function expectShape(op: string, expected: readonly number[], found: readonly number[]): void {
  if (expected.join() !== found.join())
    throw new WhittleError(
      'SHAPE_MISMATCH',
      `${op} was to give shape [${expected.join(', ')}], found [${found.join(', ')}]`,
    );
}
