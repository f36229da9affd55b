import { cast } from '@whittle/core';
import type { CastAttributes } from '@whittle/core';
import { elementTypeName, elementTypes } from '../tensors/element-types.js';
import { dtypeOf } from '../values/value.js';
import type { NodeCall } from '../graph/node-call.js';
import type { OpReader, OpReaders } from './op-reader.js';

/** The first operand as it is. */
const same: OpReader = (call) => call.alias(call.operand(0));

const dropout: OpReader = (call) => {
  if (call.has(2) && call.numbers(2, 'training_mode')[0] !== 0) throw call.unsupported('training_mode 1');
  if (call.node.output?.[1]) throw call.unsupported('its mask as a result');
  same(call);
};

const castReader: OpReader = (call) => toType(call, call.attributes.int('to', 0));

const castLike: OpReader = (call) => {
  const value = call.operand(0);
  const dtype = dtypeOf(call.operand(1));
  if (dtype === dtypeOf(value)) return call.alias(value);
  castTo(call, dtype);
};

function toType(call: NodeCall, code: number): void {
  const type = elementTypes.get(code);
  if (!type) throw call.unsupported(`a result of ${elementTypeName(code)}`);
  if (type.dtype === dtypeOf(call.operand(0))) return same(call);
  castTo(call, type.dtype);
}

function castTo(call: NodeCall, dtype: string): void {
  const x = call.activation(call.operand(0));
  const attributes = { dtype: dtype as CastAttributes['dtype'] };
  call.result(call.emit(cast, attributes, [x.id]), x.order, { shape: x.shape, scramble: x.scramble });
}

export const typeReaders: OpReaders = {
  Identity: same,
  Dropout: dropout,
  Cast: castReader,
  CastLike: castLike,
};
