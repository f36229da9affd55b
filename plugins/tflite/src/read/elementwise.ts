import { add, dequantize, div, leakyRelu, mul, prelu, quantize, softmax, sub } from '@whittle/core';
import type { BinaryAttributes, OpDefinition } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import type { GraphReader } from './graph-reader.js';
import { optionsOf, readClamp, unreadable } from './operator-view.js';
import type { OperatorView } from './operator-view.js';

interface Fusing {
  readonly fusedActivationFunction: schema.ActivationFunctionType;
}

const fusing =
  (op: OpDefinition<BinaryAttributes>, options: (o: OperatorView) => Fusing) =>
  (o: OperatorView, graph: GraphReader): void =>
    graph.addResult(o, op, { activation: readClamp(o, options(o).fusedActivationFunction) }, [
      graph.input(o, 0),
      graph.input(o, 1),
    ]);

export const readAdd = fusing(add, (o) => optionsOf(o, schema.AddOptionsT));
export const readSub = fusing(sub, (o) => optionsOf(o, schema.SubOptionsT));
export const readMul = fusing(mul, (o) => optionsOf(o, schema.MulOptionsT));
export const readDiv = fusing(div, (o) => optionsOf(o, schema.DivOptionsT));

/** An operator of two operands that fuses nothing, such as MAXIMUM. */
export const readNotFusing =
  (op: OpDefinition<BinaryAttributes>) =>
  (o: OperatorView, graph: GraphReader): void =>
    graph.addResult(o, op, { activation: 'none' }, [graph.input(o, 0), graph.input(o, 1)]);

/** An operator of one operand without attributes. */
export const readUnary =
  (op: OpDefinition) =>
  (o: OperatorView, graph: GraphReader): void =>
    graph.addResult(o, op, {}, [graph.input(o, 0)]);

export function readLeakyRelu(o: OperatorView, graph: GraphReader): void {
  const { alpha } = optionsOf(o, schema.LeakyReluOptionsT);
  graph.addResult(o, leakyRelu, { alpha }, [graph.input(o, 0)]);
}

export function readPrelu(o: OperatorView, graph: GraphReader): void {
  graph.addResult(o, prelu, {}, [graph.input(o, 0), graph.input(o, 1)]);
}

export function readSoftmax(o: OperatorView, graph: GraphReader): void {
  const { beta } = optionsOf(o, schema.SoftmaxOptionsT);
  graph.addResult(o, softmax, { beta }, [graph.input(o, 0)]);
}

export function readQuantize(o: OperatorView, graph: GraphReader): void {
  const { dtype } = graph.typeOf(o.outputs[0]);
  if (dtype !== 'int8' && dtype !== 'uint8' && dtype !== 'int16' && dtype !== 'int32')
    throw unreadable(o, `quantizes to ${dtype}, expected an integer type of 8 to 32 bits`);
  graph.addResult(o, quantize, { dtype }, [graph.input(o, 0)]);
}

/** DEQUANTIZE. Of a constant it is dropped: files with float16 weights are full of these. */
export function readDequantize(o: OperatorView, graph: GraphReader): void {
  if (graph.isConstant(o, 0)) graph.addAlias(o, 'real');
  else graph.addResult(o, dequantize, {}, [graph.input(o, 0)]);
}

/** DENSIFY, of a constant that is stored sparsely: constants are unpacked as they are read. */
export function readDensify(o: OperatorView, graph: GraphReader): void {
  if (!graph.isConstant(o, 0)) throw unreadable(o, 'unpacks a computed value, expected a constant');
  graph.addAlias(o, 'stored');
}
