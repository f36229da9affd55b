import type { TfjsArtifacts } from '../artifacts.js';
import { invalid } from '../faults.js';
import { isObject, objectOf, textOf } from '../file/json.js';
import { resultRef } from './graph-def.js';
import type { NodeDef, ResultRef } from './graph-def.js';

/** Nodes that are a graph's inputs, and results that are its outputs, in order, each with what callers call it. */
export interface Signature {
  readonly inputs: readonly { readonly node: string; readonly name: string }[];
  readonly outputs: readonly (ResultRef & { readonly name: string })[];
}

/**
 * What a file says of its inputs and outputs, or what the graph tells: placeholders, and nodes that no other reads. `outputs`
 * are the names of others to read instead.
 * @throws FORMAT_INVALID
 */
export function signatureOf(
  nodes: ReadonlyMap<string, NodeDef>,
  { signature, userDefinedMetadata }: TfjsArtifacts,
  outputs: readonly string[] | undefined,
): Signature {
  const placeholders = [...nodes.values()].filter(({ op }) => op === 'Placeholder').map(({ name }) => name);
  const told = isObject(userDefinedMetadata) ? (userDefinedMetadata.signature ?? signature) : signature;
  const named = entriesOf(told, 'inputs').map(({ key, result }) => ({ node: result.node, name: key }));
  const inputs = [
    ...named.filter(({ node }) => placeholders.includes(node)),
    ...placeholders.map((node) => ({ node, name: node })),
  ];
  const wanted =
    outputs?.map((name) => ({ ...resultRef(name), name })) ??
    entriesOf(told, 'outputs').map(({ key, result }) => ({ ...result, name: key }));
  return {
    inputs: inputs.filter(({ node }, i) => inputs.findIndex((each) => each.node === node) === i),
    outputs: wanted.length > 0 ? wanted : lastNodes(nodes),
  };
}

/** What a signature's inputs or outputs are called, and the results that they are. */
function entriesOf(
  signature: unknown,
  kind: 'inputs' | 'outputs',
): { readonly key: string; readonly result: ResultRef }[] {
  const infos = isObject(signature) ? (signature[kind] ?? {}) : {};
  return Object.entries(objectOf('signature', infos, kind)).map(([key, info]) => {
    const name = textOf('signature', objectOf('signature', info, kind).name, `name in ${kind}`);
    if (name === '') throw invalid('signature', `an empty name in ${kind}`);
    return { key, result: resultRef(name) };
  });
}

function lastNodes(nodes: ReadonlyMap<string, NodeDef>): Signature['outputs'] {
  const read = new Set([...nodes.values()].flatMap(({ inputs }) => inputs.map(({ node }) => node)));
  const last = [...nodes.values()].filter(({ name, op }) => !read.has(name) && !unlikely.includes(op));
  return last.map(({ name }) => ({ node: name, result: 0, name }));
}

/** What nothing reads, and is no output either. */
const unlikely = ['Const', 'Placeholder', 'NoOp'];
