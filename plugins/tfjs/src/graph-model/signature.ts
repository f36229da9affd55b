import type { TfjsArtifacts } from '../artifacts.js';
import { invalid } from '../faults.js';
import { isObject, objectOf, textOf } from '../file/json.js';
import { resultRef } from './graph-def.js';
import type { NodeDef, ResultRef } from './graph-def.js';

/** Nodes that are a graph's inputs, and results that are its outputs, in order. */
export interface Signature {
  readonly inputs: readonly string[];
  readonly outputs: readonly ResultRef[];
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
  const inputs = namesIn(told, 'inputs').map((name) => resultRef(name).node);
  const ordered = [...new Set([...inputs.filter((name) => placeholders.includes(name)), ...placeholders])];
  const wanted = (outputs ?? namesIn(told, 'outputs')).map(resultRef);
  return { inputs: ordered, outputs: wanted.length > 0 ? wanted : lastNodes(nodes) };
}

function namesIn(signature: unknown, key: 'inputs' | 'outputs'): string[] {
  const infos = isObject(signature) ? (signature[key] ?? {}) : {};
  return Object.values(objectOf('signature', infos, key)).map((info) => {
    const name = textOf('signature', objectOf('signature', info, key).name, `name in ${key}`);
    if (name === '') throw invalid('signature', `an empty name in ${key}`);
    return name;
  });
}

function lastNodes(nodes: ReadonlyMap<string, NodeDef>): ResultRef[] {
  const read = new Set([...nodes.values()].flatMap(({ inputs }) => inputs.map(({ node }) => node)));
  const last = [...nodes.values()].filter(({ name, op }) => !read.has(name) && !unlikely.includes(op));
  return last.map(({ name }) => ({ node: name, result: 0 }));
}

/** What nothing reads, and is no output either. */
const unlikely = ['Const', 'Placeholder', 'NoOp'];
