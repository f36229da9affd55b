import { displayName, formatShape, typeOf } from '@whittle/core';
import type { Id, Model, ModelState, Node } from '@whittle/core';
import { integer } from '@whittle/kernel-api';
import type { ConstantArray, KernelArgument, KernelCall, KernelSource } from '@whittle/kernel-api';
import { NameScope } from './c-name.js';
import { ConstantPool } from './constant-pool.js';
import type { Layout, StepPlan } from './layout.js';
import { kernelFolder } from './lowerings/kernel-call.js';
import type {
  ProgramArgument,
  ProgramBlock,
  ProgramCall,
  ProgramRows,
  ProgramStep,
  StateInitial,
} from './program.js';
import { foldRepetitions } from './repetitions.js';
import type { RowMove, RowPlace, RowRange, StripeCall } from './stripes.js';

/** Writes kernel calls with their arguments placed. */
export class CallWriter {
  readonly pool = new ConstantPool();
  readonly kernels = new Map<string, KernelSource>();
  readonly #model: Model;
  readonly #layout: Layout;
  readonly #names = new NameScope();
  readonly #prefixes: readonly string[];

  constructor(layout: Layout) {
    this.#model = layout.kernels.model;
    this.#layout = layout;
    this.#prefixes = this.#model.nodes.map(({ outputs }) => this.#names.take(displayName(outputs[0])));
  }

  step(step: StepPlan, index: number): ProgramStep {
    const nodes = Array.from({ length: step.last - step.first + 1 }, (_, i) => step.first + i);
    return {
      name: nodes.map((node) => this.#model.nodes[node].outputs[0]).join(', '),
      nodes,
      descriptions: nodes.map((node) => describe(this.#model, this.#model.nodes[node])),
      blocks: step.stripes ? this.#stripes(step.stripes, index) : this.#whole(step, index),
    };
  }

  /** The step that brings next values of states to their places; none where they are there already. */
  nextStates(): ProgramStep[] {
    const { moves } = this.#layout.states;
    if (moves.length === 0) return [];
    const calls = moves.map(({ from, to, bytes }): ProgramCall => {
      const kernel = this.#use({ name: 'whittle_move', folder: kernelFolder });
      const source: ProgramArgument =
        'offset' in from ? { kind: 'arena', offset: from.offset, stride: 0 } : this.#table(from.parameter);
      const target = this.#state(to) ?? { kind: 'arena', offset: to, stride: 0 };
      return { kernel, arguments: [integer(bytes) as ProgramArgument, source, target] };
    });
    const names = this.#model.states.map((state) => displayName(state.in)).join(', ');
    const descriptions = [`next values of states: ${names}`];
    return [{ name: 'next states', nodes: [], descriptions, blocks: [{ repeat: 1, calls }] }];
  }

  /** The state that lies at an offset. */
  #state(offset: number): ProgramArgument | undefined {
    const { buffers } = this.#layout;
    const there = new Set(buffers.flatMap((buffer) => (buffer.offset === offset ? buffer.values : [])));
    const state = this.#model.states.find(({ in: id }) => there.has(id));
    return state && { kind: 'value', id: state.in, offset: 0, stride: 0 };
  }

  /** What a state begins with, and the table that it takes. */
  initial({ in: id, initial: { data } }: ModelState): StateInitial {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const [byte] = bytes;
    if (bytes.every((each) => each === byte)) return { kind: 'fill', byte };
    const constant = { name: 'initial', section: 'table' as const, data: data as ConstantArray };
    return { kind: 'table', table: this.pool.constant(this.#names.take(displayName(id)), constant) };
  }

  #table(parameter: Id): ProgramArgument {
    const { data } = this.#model.parameters.get(parameter)!.tensor;
    const constant = { name: 'next', section: 'table' as const, data: data as ConstantArray };
    const prefix = this.#names.take(displayName(parameter));
    return { kind: 'constant', constant: this.pool.constant(prefix, constant) };
  }

  #use(kernel: KernelSource): KernelSource {
    this.kernels.set(kernel.name, kernel);
    return kernel;
  }

  #whole({ last, plan }: StepPlan, index: number): ProgramBlock[] {
    const { appended, skipped } = this.#layout.states;
    if (skipped.has(index)) return [];
    const { inputs, outputs } = this.#model.nodes[last];
    const planned = appended.has(index) ? plan.append! : plan.calls;
    const value = (id: Id): ProgramArgument => ({ kind: 'value', id, offset: 0, stride: 0 });
    const calls = this.#calls(planned, last, index, (kind, i) =>
      value((kind === 'input' ? inputs : outputs)[i]),
    );
    return calls.length > 0 ? [{ repeat: 1, calls }] : [];
  }

  #stripes({ schedule, plans }: NonNullable<StepPlan['stripes']>, index: number): ProgramBlock[] {
    const stripes = schedule.stripes.map(({ moves, calls }, s) => [
      ...moves.map((move) => this.#move(move)),
      ...calls.flatMap((call, c) => this.#stripeCalls(call, plans[s][c].calls, index)),
    ]);
    return foldRepetitions(stripes);
  }

  #stripeCalls(stripe: StripeCall, calls: readonly KernelCall[], index: number): ProgramCall[] {
    const placed = this.#calls(calls, stripe.node, index, (kind, i) => {
      const place = kind === 'input' ? stripe.inputs[i] : stripe.output;
      if (place) return this.#rows(place);
      return { kind: 'value', id: this.#model.nodes[stripe.node].inputs[i], offset: 0, stride: 0 };
    });
    const rows = rowsOf(stripe.output.id, stripe.rows, false);
    return placed.map((call) => ({ ...call, rows }));
  }

  #rows({ id, offset }: RowPlace): ProgramArgument {
    const buffer = this.#layout.rowBuffers.get(id);
    if (buffer === undefined) return { kind: 'value', id, offset, stride: 0 };
    return { kind: 'arena', offset: buffer + offset, stride: 0, area: { kind: 'rows', id, offset: buffer } };
  }

  #move({ id, from, bytes, rows }: RowMove): ProgramCall {
    const kernel = this.#use({ name: 'whittle_move', folder: kernelFolder });
    const source = this.#rows({ id, offset: from });
    const target = this.#rows({ id, offset: 0 });
    return {
      kernel,
      arguments: [integer(bytes) as ProgramArgument, source, target],
      rows: rowsOf(id, rows, true),
    };
  }

  #scratch(index: number, offset: number): ProgramArgument {
    const begin = this.#layout.scratch[index];
    const [id] = this.#model.nodes[this.#layout.steps[index].last].outputs;
    return {
      kind: 'arena',
      offset: begin + offset,
      stride: 0,
      area: { kind: 'scratch', id, offset: begin },
    };
  }

  #calls(
    calls: readonly KernelCall[],
    node: number,
    index: number,
    operand: (kind: 'input' | 'output', i: number) => ProgramArgument,
  ): ProgramCall[] {
    const prefix = this.#prefixes[node];
    const place = (argument: KernelArgument): ProgramArgument => {
      switch (argument.kind) {
        case 'input':
        case 'output':
          return operand(argument.kind, argument.index);
        case 'scratch':
          return this.#scratch(index, argument.offset ?? 0);
        case 'constant':
          return { kind: 'constant', constant: this.pool.constant(prefix, argument.constant) };
        case 'struct':
          return { kind: 'struct', struct: this.pool.struct(prefix, argument.type, argument.fields) };
        case 'function':
          this.kernels.set(argument.kernel.name, argument.kernel);
          return argument;
        default:
          return argument;
      }
    };
    return calls.map(({ kernel, arguments: args }) => {
      this.kernels.set(kernel.name, kernel);
      return { kernel, arguments: args.map(place) };
    });
  }
}

function rowsOf(id: Id, { from, to }: RowRange, kept: boolean): ProgramRows {
  return { id, first: from, count: to - from, stride: 0, kept };
}

function describe(model: Model, node: Node): string {
  const activations = node.inputs.filter((id) => model.values.has(id));
  const type = (id: Id) => `${typeOf(model, id).dtype}${formatShape(typeOf(model, id).shape)}`;
  const types = `${activations.map(type).join(', ')} -> ${node.outputs.map(type).join(', ')}`;
  return `${displayName(node.outputs[0])}: ${node.op.name} ${types}`;
}
