import type { NodeCall } from '../node-call.js';
import type { Value } from '../value.js';

/** Reads nodes of one op; returns their results. @throws FORMAT_INVALID, OP_UNSUPPORTED, BatchMixed */
export type OpReader = (call: NodeCall) => Value | readonly Value[];

export type OpReaders = Readonly<Record<string, OpReader>>;
