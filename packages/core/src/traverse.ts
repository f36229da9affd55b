import { WhittleError } from './errors.js';
import type { Id, Model, ModelOutput, ModelState, Node } from './model.js';
import { nodeName } from './model.js';

/** The node that computes each value; inputs, parameters and states have none. */
export function producers(model: Pick<Model, 'nodes'>): Map<Id, Node> {
  const map = new Map<Id, Node>();
  for (const node of model.nodes) for (const id of node.outputs) map.set(id, node);
  return map;
}

/** The nodes that read each value, in order; a node that reads a value twice is there once. */
export function consumers(model: Pick<Model, 'nodes'>): Map<Id, Node[]> {
  const map = new Map<Id, Node[]>();
  for (const node of model.nodes)
    for (const id of new Set(node.inputs)) {
      const list = map.get(id);
      if (list) list.push(node);
      else map.set(id, [node]);
    }
  return map;
}

/** The only node that reads a value, where there is just one and the value is not a model output or state. */
export function soleConsumer(
  model: Model,
  users: ReadonlyMap<Id, readonly Node[]>,
  id: Id,
): Node | undefined {
  const list = users.get(id);
  return list?.length === 1 && !leaves(model).has(id) ? list[0] : undefined;
}

/** Values that leave the model: its outputs and the next values of its states. */
export function leaves(model: Pick<Model, 'outputs' | 'states'>): Set<Id> {
  return new Set([...model.outputs.map((o) => o.id), ...model.states.map((s) => s.out)]);
}

/** The nodes, in topological order, and the states that outputs depend on, in this inference or a later one. */
export function liveParts(
  sorted: readonly Node[],
  outputs: readonly ModelOutput[],
  states: readonly ModelState[],
): { readonly nodes: readonly Node[]; readonly states: readonly ModelState[] } {
  const needed = new Set(outputs.map(({ id }) => id));
  for (let known = 0; ;) {
    for (const node of [...sorted].reverse())
      if (node.outputs.some((id) => needed.has(id))) node.inputs.forEach((id) => needed.add(id));
    const read = states.filter((state) => needed.has(state.in));
    if (read.length === known)
      return { nodes: sorted.filter((node) => node.outputs.some((id) => needed.has(id))), states: read };
    known = read.length;
    for (const state of read) needed.add(state.out);
  }
}

/**
 * Nodes in topological order; where there is a choice, in the order given.
 * @throws MODEL_INVALID where a value is missing or nodes form a cycle.
 */
export function sortNodes(nodes: readonly Node[], available: Iterable<Id>): Node[] {
  const known = new Set(available);
  const producer = producers({ nodes });
  const sorted: Node[] = [];
  const state = new Map<Node, 'open' | 'done'>();
  for (const root of nodes) {
    const stack: Node[] = [root];
    while (stack.length > 0) {
      const node = stack[stack.length - 1];
      if (state.get(node) === 'done') {
        stack.pop();
        continue;
      }
      state.set(node, 'open');
      const waiting = node.inputs.filter((id) => !known.has(id));
      if (waiting.length === 0) {
        for (const id of node.outputs) known.add(id);
        state.set(node, 'done');
        sorted.push(node);
        stack.pop();
        continue;
      }
      for (const id of waiting.reverse()) {
        const source = producer.get(id);
        if (!source)
          throw new WhittleError('MODEL_INVALID', `${nodeName(node)} reads '${id}', which nothing defines`, {
            node: nodeName(node),
          });
        if (state.get(source) === 'open')
          throw new WhittleError(
            'MODEL_INVALID',
            `${nodeName(node)} and ${nodeName(source)} are in a cycle`,
            { node: nodeName(node) },
          );
        stack.push(source);
      }
    }
  }
  return sorted;
}
