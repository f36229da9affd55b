import { invalid } from '../faults.js';
import { listOf, objectOf, textOf } from '../file/json.js';
import type { Json } from '../file/json.js';
import { Attributes } from './attributes.js';

/** Graphs of more nodes are taken for damage. */
const mostNodes = 100_000;

/** One of a node's results. */
export interface ResultRef {
  readonly node: string;
  readonly result: number;
}

export interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly ResultRef[];
  readonly attributes: Attributes;
}

/** 'conv:1' is the second result of conv, 'conv' the first; 'conv:output:1' is as within functions. */
export function resultRef(text: string): ResultRef {
  const parts = text.split(':');
  const result = parts.length > 1 ? parts[parts.length - 1] : '0';
  if (parts.length > 3 || !/^\d{1,6}$/.test(result)) throw invalid(text.slice(0, 60), 'no name of a result');
  return { node: parts[0], result: Number(result) };
}

/** The nodes of a graph, by name. Inputs that only say what comes first ('^name') are left out. @throws FORMAT_INVALID */
export function readGraphDef(topology: Json): Map<string, NodeDef> {
  const entries = listOf('modelTopology', topology.node, 'node');
  if (entries.length > mostNodes) throw invalid('modelTopology', `${entries.length} nodes`);
  const nodes = new Map<string, NodeDef>();
  for (const entry of entries) {
    const node = readNode(objectOf('modelTopology', entry, 'node'));
    if (nodes.has(node.name)) throw invalid(node.name, 'two nodes have this name');
    nodes.set(node.name, node);
  }
  return nodes;
}

function readNode(entry: Json): NodeDef {
  const name = textOf('modelTopology', entry.name, 'name of a node');
  if (name === '') throw invalid('modelTopology', 'a node without a name');
  const inputs = listOf(name, entry.input ?? [], 'input').map((input) => textOf(name, input, 'input'));
  return {
    name,
    op: textOf(name, entry.op, 'op'),
    inputs: inputs.filter((input) => !input.startsWith('^')).map(resultRef),
    attributes: new Attributes(name, entry.attr),
  };
}
