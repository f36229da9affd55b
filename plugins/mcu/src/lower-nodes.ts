import { isWhittleError, throwProblems, viewNode, WhittleError } from '@whittle/core';
import type { LoweringTable, Model, Node, NodeView } from '@whittle/core';
import { KERNEL } from '@whittle/kernel-api';
import type { KernelContext, KernelLowering, KernelNode, KernelPlan } from '@whittle/kernel-api';

/** The kernels of a model's nodes, whole or in stripes. */
export class NodeKernels {
  readonly model: Model;
  /** The plan of each node as a whole. */
  readonly plans: readonly KernelPlan[];
  readonly #lowerings: readonly KernelLowering[];
  readonly #context: KernelContext;
  readonly #stripes = new Map<string, KernelPlan | undefined>();

  private constructor(
    model: Model,
    lowerings: readonly KernelLowering[],
    plans: readonly KernelPlan[],
    context: KernelContext,
  ) {
    this.model = model;
    this.plans = plans;
    this.#lowerings = lowerings;
    this.#context = context;
  }

  /** @throws OP_UNSUPPORTED and others, naming every node that can't be lowered */
  static async load(model: Model, table: LoweringTable, context: KernelContext): Promise<NodeKernels> {
    const { lowerings, plans, problems } = await lowerAll(model, table, context);
    throwProblems(problems, (count) => `${count} nodes can't be lowered`);
    return new NodeKernels(model, lowerings, plans, context);
  }

  /** The same with the model's nodes in another order: `order` lists them by index. */
  reordered(order: readonly number[]): NodeKernels {
    const pick = <T>(list: readonly T[]) => order.map((index) => list[index]);
    const model = { ...this.model, nodes: pick(this.model.nodes) };
    return new NodeKernels(model, pick(this.#lowerings), pick(this.plans), this.#context);
  }

  /** The plan of node `index` with types and attributes of a stripe; nothing where it can't be lowered so. */
  stripe(
    index: number,
    changed: Pick<NodeView, 'attributes' | 'inputs' | 'outputs'>,
  ): KernelPlan | undefined {
    const key = `${index} ${JSON.stringify([changed.attributes, shapes(changed.inputs), shapes(changed.outputs)])}`;
    if (!this.#stripes.has(key)) {
      const view = { ...kernelNode(this.model, this.model.nodes[index]), ...changed };
      this.#stripes.set(key, this.#lowerStripe(index, view));
    }
    return this.#stripes.get(key);
  }

  #lowerStripe(index: number, view: KernelNode): KernelPlan | undefined {
    try {
      return this.#lowerings[index](view, this.#context);
    } catch (error) {
      if (isWhittleError(error, 'OP_UNSUPPORTED')) return undefined;
      throw error;
    }
  }
}

/** What is wrong with the nodes that can't be lowered; the others' lowerings and plans, in order. */
export async function lowerAll(model: Model, table: LoweringTable, context: KernelContext) {
  const lowerings: KernelLowering[] = [];
  const plans: KernelPlan[] = [];
  const problems: WhittleError[] = [];
  for (const node of model.nodes)
    try {
      const view = kernelNode(model, node);
      const lowering = (await table.get(KERNEL, node.op, view)) as KernelLowering;
      const plan = lowering(view, context);
      if (plan.view && view.constants[0])
        throw new WhittleError(
          'OP_UNSUPPORTED',
          `${view.name}: ${node.op.name} of a constant should have been computed beforehand`,
          { node: view.name },
        );
      lowerings.push(lowering);
      plans.push(plan);
    } catch (error) {
      if (!isWhittleError(error)) throw error;
      problems.push(error);
    }
  return { lowerings, plans, problems };
}

function kernelNode(model: Model, node: Node): KernelNode {
  return {
    ...viewNode(model, node),
    constants: node.inputs.map((id) => model.parameters.get(id)?.tensor),
  };
}

function shapes(types: NodeView['inputs']) {
  return types.map(({ shape }) => shape);
}
