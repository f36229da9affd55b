import { decompose, isWhittleError, throwProblems, typeOf } from '@whittle/core';
import type { Id, LoweringTable, Model } from '@whittle/core';
import { legalForm, legalize, withoutIdleChannels } from '@whittle/int8';
import { KERNEL } from '@whittle/kernel-api';
import type { KernelContext } from '@whittle/kernel-api';
import { CallWriter } from './call-writer.js';
import { chooseSegments } from './choose-segments.js';
import type { Layout } from './layout.js';
import { lowerAll, NodeKernels } from './lower-nodes.js';
import { orderForPeak } from './order-nodes.js';
import type { Program, ProgramState, ProgramValue } from './program.js';
import { bytesOf } from './storage.js';

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
