import * as core from '@whittle/core';
import type { OpDefinition } from '@whittle/core';
import { schema } from '@whittle/tflite-schema';
import { readDiv, readNotFusing, readUnary } from './elementwise.js';
import type { GraphReader } from './graph-reader.js';
import { optionsOf } from './operator-view.js';
import type { OperatorReader } from './operators.js';
import type { OperatorView } from './operator-view.js';

const unary = <A>(op: OpDefinition<A>) => readUnary(op as OpDefinition);

function readGelu(o: OperatorView, graph: GraphReader): void {
  const { approximate } = optionsOf(o, schema.GeluOptionsT);
  graph.addResult(o, core.gelu, { approximate }, [graph.input(o, 0)]);
}

/** Readers of mathematical functions, and of activations that few runtimes have. */
export const elementwiseReaders: Readonly<Record<string, OperatorReader>> = {
  CEIL: unary(core.ceil),
  COS: unary(core.cos),
  DIV: readDiv,
  EXP: unary(core.exp),
  FLOOR: unary(core.floor),
  FLOOR_MOD: readNotFusing(core.floorMod),
  GELU: readGelu,
  LOG: unary(core.log),
  NEG: unary(core.neg),
  POW: readNotFusing(core.pow),
  RELU_0_TO_1: unary(core.relu0To1),
  RELU_N1_TO_1: unary(core.reluN1To1),
  ROUND: unary(core.round),
  RSQRT: unary(core.rsqrt),
  SIGN: unary(core.sign),
  SIN: unary(core.sin),
  SQRT: unary(core.sqrt),
  SQUARE: unary(core.square),
  SQUARED_DIFFERENCE: readNotFusing(core.squaredDifference),
};
