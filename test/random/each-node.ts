import { nodeName, typeOf } from '@whittle/core';
import type { DType, Id, Model, Node, Runtime, RuntimeContext, Tensor } from '@whittle/core';

/** What a node computes of its operands, in the model's order. */
export type NodeEvaluation = (node: Node, operands: ReadonlyMap<Id, Tensor>) => readonly ArrayLike<unknown>[];

/** How far a node's result may lie from what it should be: the same for all its elements, and relative to 1 + |x|. */
export interface NodeTolerance {
  readonly absolute: number;
  readonly relative: number;
}

export interface EachNodeOptions {
  readonly runtime: Runtime;
  readonly context: RuntimeContext;
  readonly evaluate: NodeEvaluation;
  readonly toleranceOf: (node: Node, operands: ReadonlyMap<Id, Tensor>) => NodeTolerance;
}

/** Types that every runtime gives as outputs. */
const visible: ReadonlySet<DType> = new Set(['float32', 'int32', 'int8', 'int16']);

/**
 * Runs a model on a runtime with its values as outputs, and holds every node to what it should make of the operands that this
 * very runtime gave it: no error is passed on, so that tolerances can be those of one op. Nodes whose operands can't be seen are
 * left out. Gives the number of nodes that were looked at.
 * @throws where a result lies beyond its tolerance
 */
export async function checkEachNode(
  model: Model,
  inputs: readonly (readonly Tensor[])[],
  { runtime, context, evaluate, toleranceOf }: EachNodeOptions,
): Promise<number> {
  const exposed = { ...model, outputs: visibleValues(model).map((id) => ({ id })) };
  const [{ outputs }] = await runtime.run([{ model: exposed, inputs }], context);
  let checked = 0;
  let states = new Map(model.states.map((state) => [state.in, state.initial] as const));
  outputs.forEach((values, inference) => {
    const known = new Map<Id, Tensor>([
      ...[...model.parameters].map(([id, parameter]) => [id, parameter.tensor] as const),
      ...model.inputs.map(({ id }, i) => [id, inputs[inference][i]] as const),
      ...states,
      ...exposed.outputs.map(({ id }, i) => [id, values[i]] as const),
    ]);
    for (const node of model.nodes) {
      if (!node.inputs.every((id) => known.has(id))) continue;
      const results = evaluate(node, known);
      const tolerance = toleranceOf(node, known);
      node.outputs.forEach((id, i) => {
        const found = known.get(id);
        if (found) expectNear(`${nodeName(node)} (${node.op.name})`, results[i], found, tolerance, inference);
      });
      checked++;
    }
    states = new Map(
      model.states.flatMap((state) => {
        const next = known.get(state.out);
        return next ? [[state.in, next] as const] : [];
      }),
    );
  });
  return checked;
}

/** What nodes give but for the next values of states that they change in place, which files have no tensors for. */
function visibleValues(model: Model): Id[] {
  const next = new Set(model.states.map((state) => state.out));
  return model.nodes.flatMap(({ outputs }) =>
    outputs.filter((id, i) => visible.has(typeOf(model, id).dtype) && (i === 0 || !next.has(id))),
  );
}

function expectNear(
  where: string,
  wanted: ArrayLike<unknown>,
  found: Tensor,
  { absolute, relative }: NodeTolerance,
  inference: number,
): void {
  for (let at = 0; at < found.data.length; at++) {
    const [x, y] = [Number(wanted[at]), Number(found.data[at])];
    const most = absolute + relative * (1 + Math.abs(x));
    if (!(Math.abs(x - y) <= most))
      throw new Error(
        `${where} in inference ${inference}, element ${at} of ${found.data.length}: expected ${x} within ${most}, found ${y}`,
      );
  }
}
