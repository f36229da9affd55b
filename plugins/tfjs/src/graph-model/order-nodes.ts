import { invalid } from '../faults.js';
import type { NodeDef } from './graph-def.js';

/**
 * The nodes that these need, each after those that it reads.
 * @throws FORMAT_INVALID for a cycle, or a node that isn't there
 */
export function orderNodes(nodes: ReadonlyMap<string, NodeDef>, needed: readonly string[]): NodeDef[] {
  // A loop of TensorFlow's own is no damage: its nodes are named when they are read.
  const hasLoops = [...nodes.values()].some(({ op }) => op === 'NextIteration');
  const ordered: NodeDef[] = [];
  const state = new Map<string, 'open' | 'done'>();
  // A stack of its own: graphs may be deeper than calls may be nested.
  const stack = [...needed].reverse();
  while (stack.length > 0) {
    const name = stack[stack.length - 1];
    const known = state.get(name);
    const node = nodes.get(name);
    if (!node) throw invalid(name, 'a node that is not in the graph');
    if (known === undefined) {
      state.set(name, 'open');
      for (const { node: input } of [...node.inputs].reverse()) {
        if (state.get(input) === 'open' && !hasLoops) throw invalid(input, 'reads its own result');
        if (!state.has(input)) stack.push(input);
      }
      continue;
    }
    stack.pop();
    if (known === 'open') {
      state.set(name, 'done');
      ordered.push(node);
    }
  }
  return ordered;
}
