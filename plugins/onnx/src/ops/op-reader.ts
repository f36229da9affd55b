import type { NodeCall } from '../graph/node-call.js';

/** Reads nodes of one op: says what the results are. @throws OP_UNSUPPORTED, FORMAT_INVALID */
export type OpReader = (call: NodeCall) => void;

export type OpReaders = Readonly<Record<string, OpReader>>;
