import { cast, tensor } from '@whittle/core';
import type { DType } from '@whittle/core';
import type { NodeCall } from '../node-call.js';
import { dtypeOf } from '../value.js';
import type { Known, Operand } from '../value.js';
import type { OpReader, OpReaders } from './op-reader.js';

/** What only matters in training, or to a debugger: the value is what it was. */
const same: OpReader = (call) => call.value(0);

const converted: OpReader = (call) => {
  const x = call.operand(0);
  const dtype = call.attributes.dtype('DstT', 'float32');
  if (dtype === dtypeOf(x)) return x;
  if (x.kind === 'known') return knownAs(call, x, dtype);
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool')
    throw call.unsupported(`a result of ${dtype}`);
  return call.apply(cast, { dtype }, [x]);
};

/** The size of the batch stays one where it is a number still. */
function knownAs(call: NodeCall, x: Known, dtype: DType): Operand {
  const { data, shape } = x.tensor;
  call.graph.claim(call.name, data.length);
  const numbers = Array.from(data as Float32Array, (element) =>
    dtype === 'bool' ? (Number(element) === 0 ? 0 : 1) : Number(element),
  );
  return { ...x, name: call.name, tensor: tensor(dtype, shape, numbers) };
}

export const passingReaders: OpReaders = {
  Identity: same,
  IdentityN: (call) => call.values,
  Snapshot: same,
  StopGradient: same,
  Print: same,
  EnsureShape: same,
  PlaceholderWithDefault: same,
  // TensorFlow.js doesn't round here.
  FakeQuantWithMinMaxVars: same,
  Cast: converted,
};
