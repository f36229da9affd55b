import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NativeBinding, OpAttribute, RawOutput } from '../kernels/native.js';
import { attributeValue, encodeSavedModel, int32Value, typeValue } from './saved-model.js';
import type { GraphNode } from './saved-model.js';

/** An operand that a graph is given: a tensor at each run, or a small constant that is part of it. */
export interface Feed {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly constant?: Int32Array;
}

/** An op of a graph. Operands are outputs of ops before it, or feeds. */
export interface GraphOp {
  readonly name: string;
  readonly attributes: readonly OpAttribute[];
  readonly inputs: readonly ({ readonly op: number; readonly output: number } | { readonly feed: number })[];
}

export interface GraphPlan {
  readonly ops: readonly GraphOp[];
  readonly feeds: readonly Feed[];
  /** What is wanted of it. */
  readonly outputs: readonly { readonly op: number; readonly output: number }[];
}

interface Graph {
  readonly session: number;
  readonly fed: readonly number[];
  readonly feedNames: string;
  readonly outputNames: string;
}

/** How many graphs are kept; where steps differ more, the one that was compiled first makes room, and is compiled again. */
const most = 16;

/** Compiled graphs of a run, which are alike from step to step. */
export class StepGraphs {
  readonly #binding: NativeBinding;
  readonly #graphs = new Map<string, Graph | undefined>();

  constructor(binding: NativeBinding) {
    this.#binding = binding;
  }

  /**
   * Runs a graph on the tensors of its feeds, and gives its outputs; undefined where the library takes it as single ops only,
   * which hangs on nothing but the graph: a run that goes on from a checkpoint computes as one that was never stopped. `key` tells
   * it from others.
   */
  run(key: string, plan: () => GraphPlan, feeds: readonly number[]): RawOutput[] | undefined {
    if (!this.#graphs.has(key)) {
      const [first] = this.#graphs.keys();
      if (this.#graphs.size >= most) this.#forget(first);
      this.#graphs.set(key, this.#compile(plan()));
    }
    const graph = this.#graphs.get(key);
    if (!graph) return undefined;
    const fed = graph.fed.map((feed) => feeds[feed]);
    return this.#binding.runSavedModel(graph.session, fed, graph.feedNames, graph.outputNames);
  }

  dispose(): void {
    for (const key of [...this.#graphs.keys()]) this.#forget(key);
  }

  #forget(key: string): void {
    const graph = this.#graphs.get(key);
    if (graph) this.#binding.deleteSavedModel(graph.session);
    this.#graphs.delete(key);
  }

  #compile({ ops, feeds, outputs }: GraphPlan): Graph | undefined {
    const folder = mkdtempSync(join(tmpdir(), 'whittle-graph-'));
    try {
      const nodes = [...feeds.map(feedNode), ...ops.map((op, i) => opNode(this.#binding, op, i))];
      writeFileSync(join(folder, 'saved_model.pb'), encodeSavedModel(nodes));
      const session = this.#load(folder);
      if (session === undefined) return undefined;
      const fed = feeds.flatMap(({ constant }, i) => (constant ? [] : [i]));
      return {
        session,
        fed,
        feedNames: fed.map((i) => `feed${i}:0`).join(','),
        outputNames: outputs.map(({ op, output }) => `op${op}:${output}`).join(','),
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Undefined where the library refuses the graph: single ops are told less than nodes of one, such as types that follow from operands. */
  #load(folder: string): number | undefined {
    try {
      return this.#binding.loadSavedModel(folder, 'serve');
    } catch {
      return undefined;
    }
  }
}

function feedNode({ dtype, shape, constant }: Feed, index: number): GraphNode {
  const type = ['dtype', typeValue(dtype)] as const;
  const name = `feed${index}`;
  if (!constant) return { name, op: 'Placeholder', inputs: [], attributes: [type] };
  const value = ['value', int32Value(dtype, shape, constant)] as const;
  return { name, op: 'Const', inputs: [], attributes: [type, value] };
}

function opNode(binding: NativeBinding, { name, attributes, inputs }: GraphOp, index: number): GraphNode {
  return {
    name: `op${index}`,
    op: name,
    inputs: inputs.map((input) => ('feed' in input ? `feed${input.feed}` : `op${input.op}:${input.output}`)),
    attributes: attributes.map((attribute) => [attribute.name, attributeValue(binding, attribute)] as const),
  };
}
