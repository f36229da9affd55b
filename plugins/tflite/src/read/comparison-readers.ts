import * as core from '@whittle/core';
import type { Id, OpDefinition } from '@whittle/core';
import type { GraphReader } from './graph-reader.js';
import { unreadable } from './operator-view.js';
import type { OperatorReader } from './operators.js';
import type { OperatorView } from './operator-view.js';

/** An operator that an op of as many operands stands for. */
const plain =
  (op: OpDefinition<Record<string, never>>): OperatorReader =>
  (o, graph) =>
    graph.addResult(
      o,
      op,
      {},
      op.operands.map((_, i) => graph.input(o, i)),
    );

/** A choice between values that stand for the same numbers: it moves integers as they are. */
function addChoice(o: OperatorView, graph: GraphReader, condition: Id): void {
  const choices = [graph.input(o, 1), graph.input(o, 2)];
  const { quantization } = graph.typeOf(o.outputs[0]);
  if (choices.some((id) => !core.sameQuantization(graph.valueType(id).quantization, quantization)))
    throw unreadable(o, 'a choice between values of several scales or zero points, expected one');
  const taken = takenBy(o, graph);
  if (taken !== undefined && graph.addSame(o, choices[taken ? 0 : 1])) return;
  graph.addResult(o, core.where, {}, [condition, ...choices]);
}

/** Whether a condition holds for all elements, or for none; undefined where it isn't known, or differs. */
function takenBy(o: OperatorView, graph: GraphReader): boolean | undefined {
  if (!graph.isConstant(o, 0)) return undefined;
  const [first, ...rest] = Array.from(graph.constantInput(o, 0, 'condition').data as Uint8Array, Boolean);
  return rest.every((each) => each === first) ? first : undefined;
}

const readSelectV2: OperatorReader = (o, graph) => addChoice(o, graph, graph.input(o, 0));

/**
 * SELECT: unlike SELECT_V2 it doesn't broadcast, but a condition of one axis is about the first axis of values that have more.
 */
function readSelect(o: OperatorView, graph: GraphReader): void {
  const { shape } = graph.inputType(o, 0);
  const missing = graph.inputType(o, 1).shape.length - 1;
  const condition = graph.input(o, 0);
  if (shape.length !== 1 || missing < 1) return addChoice(o, graph, condition);
  const wider = [...shape, ...new Array<number>(missing).fill(1)];
  addChoice(o, graph, graph.addBetween(o, core.reshape, { shape: wider }, condition));
}

/** Readers of operators of truth values. */
export const comparisonReaders: Readonly<Record<string, OperatorReader>> = {
  EQUAL: plain(core.equal),
  NOT_EQUAL: plain(core.notEqual),
  LESS: plain(core.less),
  LESS_EQUAL: plain(core.lessEqual),
  GREATER: plain(core.greater),
  GREATER_EQUAL: plain(core.greaterEqual),
  LOGICAL_AND: plain(core.logicalAnd),
  LOGICAL_OR: plain(core.logicalOr),
  LOGICAL_NOT: plain(core.logicalNot),
  SELECT: readSelect,
  SELECT_V2: readSelectV2,
};
