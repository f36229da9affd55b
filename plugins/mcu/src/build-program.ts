import { decompose, formatShape, typeOf, viewNode, WhittleError, isWhittleError } from '@whittle/core';
import type { Id, LoweringTable, Model, Node } from '@whittle/core';
import { legalize } from '@whittle/int8';
import { KERNEL } from '@whittle/kernel-api';
import type {
  KernelArgument,
  KernelContext,
  KernelNode,
  KernelPlan,
  KernelSource,
} from '@whittle/kernel-api';
import { NameScope } from './c-name.js';
import { ConstantPool } from './constant-pool.js';
import { planMemory } from './plan-memory.js';
import type { Program, ProgramArgument, ProgramBuffer, ProgramStep, ProgramValue } from './program.js';
import { assignStorage, bytesOf } from './storage.js';

/** Every buffer of the arena starts at a multiple of this: the kernels read words, and floats lie there too. */
export const ARENA_ALIGNMENT = 4;

const portable: KernelContext = { features: [], optimize: 'speed' };

/**
 * Lowers a quantized model, legalized, to kernel calls over a planned arena.
 * @throws QUANTIZATION_INVALID; OP_UNSUPPORTED naming every node that has no kernel for its types and shapes, and for models with states
 */
export async function buildProgram(
  source: Model,
  lowerings: LoweringTable,
  context: KernelContext = portable,
): Promise<Program> {
  if (source.states.length > 0)
    throw new WhittleError(
      'OP_UNSUPPORTED',
      `${source.name} keeps ${source.states.length} states between inferences, expected none`,
    );
  const model = decompose(await legalize(source, lowerings), (op) => lowerings.has(KERNEL, op));
  const plans = await lowerNodes(model, lowerings, context);
  const { buffers, scratch, memory } = layOut(model, plans);
  const values = new Map<Id, ProgramValue>();
  for (const buffer of buffers)
    for (const id of buffer.values) {
      const type = typeOf(model, id);
      values.set(id, { id, type, bytes: bytesOf(type), offset: buffer.offset });
    }
  const names = new NameScope();
  const pool = new ConstantPool();
  const kernels = new Map<string, KernelSource>();
  const steps = model.nodes.map((node, step): ProgramStep => {
    const prefix = names.take(node.outputs[0]);
    const place = (argument: KernelArgument): ProgramArgument => {
      switch (argument.kind) {
        case 'input':
          return { kind: 'value', id: node.inputs[argument.index] };
        case 'output':
          return { kind: 'value', id: node.outputs[argument.index] };
        case 'scratch':
          return { kind: 'arena', offset: scratch[step] + (argument.offset ?? 0) };
        case 'constant':
          return { kind: 'constant', constant: pool.constant(prefix, argument.constant) };
        case 'struct':
          return { kind: 'struct', struct: pool.struct(prefix, argument.type, argument.fields) };
        case 'function':
          kernels.set(argument.kernel.name, argument.kernel);
          return argument;
        default:
          return argument;
      }
    };
    const calls = plans[step].calls.map(({ kernel, arguments: args }) => {
      kernels.set(kernel.name, kernel);
      return { kernel, arguments: args.map(place) };
    });
    return { name: node.outputs[0], description: describe(model, node), calls };
  });
  const byName = [...kernels.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    model,
    steps,
    values,
    buffers,
    memory,
    constants: pool.constants,
    structs: pool.structs,
    kernels: byName,
  };
}

async function lowerNodes(
  model: Model,
  lowerings: LoweringTable,
  context: KernelContext,
): Promise<KernelPlan[]> {
  const plans: KernelPlan[] = [];
  const problems: WhittleError[] = [];
  for (const node of model.nodes)
    try {
      const view: KernelNode = {
        ...viewNode(model, node),
        constants: node.inputs.map((id) => model.parameters.get(id)?.tensor),
      };
      const lowering = await lowerings.get(KERNEL, node.op, view);
      const plan = lowering(view as never, context);
      if (plan.view && view.constants[0])
        throw new WhittleError(
          'OP_UNSUPPORTED',
          `${view.name}: ${node.op.name} of a constant should have been computed beforehand`,
          { node: view.name },
        );
      plans.push(plan);
    } catch (error) {
      if (!isWhittleError(error)) throw error;
      problems.push(error);
    }
  if (problems.length > 1)
    throw new WhittleError(
      problems[0].code,
      `${problems.length} nodes can't be lowered:\n${problems.map((p) => `  ${p.message}`).join('\n')}`,
    );
  if (problems.length === 1) throw problems[0];
  return plans;
}

/** Plans tensors and scratch together. `scratch` has the offset of each step's scratch. */
function layOut(model: Model, plans: readonly KernelPlan[]) {
  const requests = [
    ...assignStorage(model, plans),
    ...plans.flatMap(({ scratchBytes = 0 }, step) =>
      scratchBytes > 0 ? [{ values: [], bytes: scratchBytes, first: step, last: step }] : [],
    ),
  ];
  const memory = planMemory(requests, ARENA_ALIGNMENT);
  const buffers = requests.map((request, i): ProgramBuffer => ({ ...request, offset: memory.offsets[i] }));
  const scratch = plans.map(
    (_, step) => buffers.find(({ values, first }) => values.length === 0 && first === step)?.offset ?? 0,
  );
  return { buffers, scratch, memory };
}

function describe(model: Model, node: Node): string {
  const activations = node.inputs.filter((id) => model.values.has(id));
  const type = (id: Id) => `${typeOf(model, id).dtype}${formatShape(typeOf(model, id).shape)}`;
  return `${node.op.name} ${activations.map(type).join(', ')} -> ${node.outputs.map(type).join(', ')}`;
}
