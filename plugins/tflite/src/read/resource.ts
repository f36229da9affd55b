import { schema, textOf } from '@whittle/tflite-schema';
import type { GraphReader } from './graph-reader.js';
import { invalid, optionsOf } from './operator-view.js';
import type { OperatorView } from './operator-view.js';

/** VAR_HANDLE: names a variable. */
export function readVarHandle(o: OperatorView, graph: GraphReader): void {
  const { container, sharedName } = optionsOf(o, schema.VarHandleOptionsT);
  expectOperands(o, 0, 1);
  graph.variables.addHandle(o, o.outputs[0], textOf(container), textOf(sharedName));
}

/** READ_VARIABLE: the output is what the variable holds at this point of the file. */
export function readReadVariable(o: OperatorView, graph: GraphReader): void {
  expectOperands(o, 1, 1);
  graph.addValueOf(o);
}

/** ASSIGN_VARIABLE: what the variable holds from here on. */
export function readAssignVariable(o: OperatorView, graph: GraphReader): void {
  expectOperands(o, 2, 0);
  graph.variables.assign(o, o.inputs[0], graph.input(o, 1));
}

/** CALL_ONCE: a subgraph that gives variables their initial values. */
export function readCallOnce(o: OperatorView, graph: GraphReader): void {
  expectOperands(o, 0, 0);
  graph.variables.initialize(o, optionsOf(o, schema.CallOnceOptionsT).initSubgraphIndex);
}

function expectOperands(o: OperatorView, inputs: number, outputs: number): void {
  if (o.inputs.length !== inputs || o.outputs.length !== outputs)
    throw invalid(
      o,
      `${o.inputs.length} inputs and ${o.outputs.length} outputs, expected ${inputs} and ${outputs}`,
    );
}
