import { BatchMixed, concat, pad, reshape } from '@whittle/core';
import type { Id } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { GraphReader } from './graph-reader.js';
import { mixed } from './known-values.js';
import { invalid, optionsOf, readActivation, unreadable } from './operator-view.js';
import type { OperatorView } from './operator-view.js';

/** CONCATENATION; along the first axis an axis of extent 1 comes before it. */
export function readConcat(o: OperatorView, graph: GraphReader): void {
  const { axis, fusedActivationFunction } = optionsOf(o, schema.ConcatenationOptionsT);
  if (readActivation(o, fusedActivationFunction) !== 'none')
    throw unreadable(o, 'a concatenation with a fused activation has no counterpart');
  const rank = graph.inputType(o, 0).shape.length;
  const at = axis < 0 ? axis + rank : axis;
  if (at > 0)
    return graph.addResult(
      o,
      concat,
      { axis: at },
      o.inputs.map((_, i) => graph.input(o, i)),
    );
  const parts = o.inputs.map((_, i) => withFirstAxes(o, graph, i, 1));
  joinFirst(o, graph, parts);
}

/** An operand with axes of extent 1 before the others. @throws BatchMixed where the first of these is the batch */
function withFirstAxes(o: OperatorView, graph: GraphReader, position: number, count: number): Id {
  const { shape } = graph.inputType(o, position);
  if (shape[0] === 'batch') throw new BatchMixed(mixed(o));
  const wider = [...new Array<number>(count).fill(1), ...shape];
  return graph.addBetween(o, reshape, { shape: wider }, graph.input(o, position));
}

/** Joins parts along their second axis; the first one, of extent 1, is then dropped. */
function joinFirst(o: OperatorView, graph: GraphReader, parts: readonly Id[]): void {
  const joined = graph.addBetween(o, concat, { axis: 1 }, ...parts);
  const { shape } = graph.valueType(joined);
  graph.addResult(o, reshape, { shape: shape.slice(1) }, [joined]);
}

/** PACK: each operand gets the new axis, then they are joined along it. */
export function readPack(o: OperatorView, graph: GraphReader): void {
  const options = optionsOf(o, schema.PackOptionsT);
  const rank = graph.inputType(o, 0).shape.length + 1;
  const axis = options.axis < 0 ? options.axis + rank : options.axis;
  if (axis === 0)
    return joinFirst(
      o,
      graph,
      o.inputs.map((_, i) => withFirstAxes(o, graph, i, 2)),
    );
  const parts = o.inputs.map((_, i) => {
    const { shape } = graph.inputType(o, i);
    const wider = [...shape.slice(0, axis), 1, ...shape.slice(axis)];
    return graph.addBetween(o, reshape, { shape: wider }, graph.input(o, i));
  });
  graph.addResult(o, concat, { axis }, parts);
}

/** PAD, and PADV2 with its value as the third input, in the output's quantization. */
export function readPad(o: OperatorView, graph: GraphReader): void {
  const value = o.inputs.length > 2 ? padValue(o, graph) : 0;
  graph.addResult(o, pad, { paddings: readPaddings(o, graph), value }, [graph.input(o, 0)]);
}

/** The margins of each axis, which are the second input. */
export function readPaddings(o: OperatorView, graph: GraphReader): [number, number][] {
  const margins = graph.constantInput(o, 1, 'padding');
  const [axes, two] = margins.shape;
  if (margins.shape.length !== 2 || two !== 2)
    throw invalid(o, `paddings of shape [${margins.shape.join(', ')}], expected [rank, 2]`);
  return Array.from({ length: axes }, (_, i): [number, number] => [
    Number(margins.data[2 * i]),
    Number(margins.data[2 * i + 1]),
  ]);
}

function padValue(o: OperatorView, graph: GraphReader): number {
  const { data, quantization: q } = graph.constantInput(o, 2, 'value');
  if (data.length !== 1) throw invalid(o, `${data.length} values to pad with, expected 1`);
  const stored = Number(data[0]);
  return q ? q.scale[0] * (stored - q.zeroPoint[0]) : stored;
}
