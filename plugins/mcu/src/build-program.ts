import { decompose, displayName, formatShape, isWhittleError, throwProblems, typeOf } from '@whittle/core';
import type { Id, LoweringTable, Model, ModelState, Node } from '@whittle/core';
import { legalForm, legalize, withoutIdleChannels } from '@whittle/int8';
import { integer, KERNEL } from '@whittle/kernel-api';
import type {
  ConstantArray,
  KernelArgument,
  KernelCall,
  KernelContext,
  KernelSource,
} from '@whittle/kernel-api';
import { NameScope } from './c-name.js';
import { chooseSegments } from './choose-segments.js';
import { ConstantPool } from './constant-pool.js';
import type { Layout, StepPlan } from './layout.js';
import { kernelFolder } from './lowerings/kernel-call.js';
import { lowerAll, NodeKernels } from './lower-nodes.js';
import { orderForPeak } from './order-nodes.js';
import type {
  Program,
  ProgramArgument,
  ProgramBlock,
  ProgramCall,
  ProgramState,
  ProgramStep,
  ProgramValue,
  StateInitial,
} from './program.js';
import { foldRepetitions } from './repetitions.js';
import { bytesOf } from './storage.js';
import type { RowMove, RowPlace, StripeCall } from './stripes.js';

const portable: KernelContext = { features: [], optimize: 'speed' };

/**
 * Lowers a quantized model, legalized and without channels that can't influence its output, to kernel calls over a
 * planned arena.
 * @throws QUANTIZATION_INVALID; OP_UNSUPPORTED naming every node that has no kernel for its types and shapes
 */
export async function buildProgram(
  source: Model,
  lowerings: LoweringTable,
  context: KernelContext = portable,
): Promise<Program> {
  const legal = await withoutIdleChannels(await legalized(source, lowerings, context), lowerings);
  const model = decompose(legal, (op) => lowerings.has(KERNEL, op));
  const kernels = await NodeKernels.load(model, lowerings, context);
  const layout = bestLayout(kernels, context);
  const writer = new CallWriter(layout);
  const steps = [...layout.steps.map((step, i) => writer.step(step, i)), ...writer.nextStates()];
  const values = new Map<Id, ProgramValue>();
  for (const { values: ids, offset } of layout.buffers)
    for (const id of ids) {
      const type = typeOf(model, id);
      if (!layout.rowBuffers.has(id)) values.set(id, { id, type, bytes: bytesOf(type), offset });
    }
  const outputs = model.outputs.map(({ id }): ProgramValue => {
    const value = values.get(id)!;
    return { ...value, offset: layout.states.outputs.get(id) ?? value.offset };
  });
  const states = model.states.map((state): ProgramState => {
    const value = values.get(state.in)!;
    return { value, initial: writer.initial(state) };
  });
  const byName = [...writer.kernels.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    model: layout.kernels.model,
    steps,
    values,
    outputs,
    states,
    buffers: layout.buffers,
    memory: layout.memory,
    constants: writer.pool.constants,
    structs: writer.pool.structs,
    kernels: byName,
  };
}

/** `legalize`, but where nodes have no integer kernel, those without a C kernel are named beside them. */
async function legalized(source: Model, lowerings: LoweringTable, context: KernelContext): Promise<Model> {
  try {
    return await legalize(source, lowerings);
  } catch (error) {
    if (!isWhittleError(error)) throw error;
    const model = decompose(legalForm(source), (op) => lowerings.has(KERNEL, op));
    const known = error.problems ?? [error];
    const named = new Set(known.map(({ node }) => node));
    const { problems } = await lowerAll(model, lowerings, context);
    const others = problems.filter(({ node }) => !named.has(node));
    throwProblems([...known, ...others], (count) => `${count} nodes can't be lowered`);
    throw error;
  }
}

/** The layout in the model's own order of execution, or in another that takes less memory. */
function bestLayout(kernels: NodeKernels, context: KernelContext): Layout {
  const own = chooseSegments(kernels, context);
  const order = orderForPeak(kernels);
  if (!order) return own;
  const other = chooseSegments(kernels.reordered(order), context);
  return other.memory.totalBytes < own.memory.totalBytes ? other : own;
}

/** Writes kernel calls with their arguments placed. */
class CallWriter {
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
      const target: ProgramArgument = { kind: 'arena', offset: to, stride: 0 };
      return { kernel, arguments: [integer(bytes) as ProgramArgument, source, target] };
    });
    const names = this.#model.states.map((state) => displayName(state.in)).join(', ');
    const descriptions = [`next values of states: ${names}`];
    return [{ name: 'next states', nodes: [], descriptions, blocks: [{ repeat: 1, calls }] }];
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
    return this.#calls(calls, stripe.node, index, (kind, i) => {
      const place = kind === 'input' ? stripe.inputs[i] : stripe.output;
      if (place) return this.#rows(place);
      return { kind: 'value', id: this.#model.nodes[stripe.node].inputs[i], offset: 0, stride: 0 };
    });
  }

  #rows({ id, offset }: RowPlace): ProgramArgument {
    const buffer = this.#layout.rowBuffers.get(id);
    if (buffer === undefined) return { kind: 'value', id, offset, stride: 0 };
    return { kind: 'arena', offset: buffer + offset, stride: 0 };
  }

  #move({ id, from, bytes }: RowMove): ProgramCall {
    const kernel = this.#use({ name: 'whittle_move', folder: kernelFolder });
    const source = this.#rows({ id, offset: from });
    const target = this.#rows({ id, offset: 0 });
    return { kernel, arguments: [integer(bytes) as ProgramArgument, source, target] };
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
          return { kind: 'arena', offset: this.#layout.scratch[index] + (argument.offset ?? 0), stride: 0 };
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

function describe(model: Model, node: Node): string {
  const activations = node.inputs.filter((id) => model.values.has(id));
  const type = (id: Id) => `${typeOf(model, id).dtype}${formatShape(typeOf(model, id).shape)}`;
  const types = `${activations.map(type).join(', ')} -> ${node.outputs.map(type).join(', ')}`;
  return `${displayName(node.outputs[0])}: ${node.op.name} ${types}`;
}
