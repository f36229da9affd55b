import type { DescribedInput, Dim, DType } from '@whittle/core';
import { invalid, unsupported } from '../faults.js';
import type { GraphProto, ValueInfoProto } from '../proto/messages.js';
import { elementTypeName, elementTypes } from '../tensors/element-types.js';
import type { Activation } from '../values/value.js';
import type { GraphWriter } from './graph-writer.js';
import { inputOrder } from './input-layout.js';
import { largestExtent } from './limits.js';

/** What the file says of an input. @throws OP_UNSUPPORTED where it is no tensor */
export function describeInput({ name = '', type }: ValueInfoProto): DescribedInput {
  const tensor = type?.tensorType;
  if (!tensor) throw unsupported(name, 'an input that is no tensor');
  const dims = tensor.shape && (tensor.shape.dim ?? []);
  const isOpen = (extent: number | undefined) => extent === undefined || extent === 0 || extent === -1;
  return {
    name,
    shape: dims?.map(({ dimValue }) => (isOpen(dimValue) ? undefined : dimValue)),
  };
}

/** An input of the model, of a shape as the file orders axes. @throws FORMAT_INVALID, OP_UNSUPPORTED */
export function readInput(
  { name = '', type }: ValueInfoProto,
  shape: readonly Dim[],
  graph: GraphProto,
  writer: GraphWriter,
): Activation {
  const dtype = dtypeOf(name, type?.tensorType?.elemType);
  shape.forEach((extent, axis) => {
    if (extent !== 'batch' && !(Number.isSafeInteger(extent) && extent >= 1 && extent <= largestExtent))
      throw invalid(name, `an extent of ${extent} along axis ${axis}`);
  });
  const order = inputOrder(graph, name, shape);
  const id = writer.input(
    name,
    dtype,
    order.map((axis) => shape[axis]),
  );
  return { kind: 'activation', id, dtype, shape, order };
}

function dtypeOf(name: string, code: number | undefined): DType {
  const type = elementTypes.get(code ?? 0);
  if (!type || type.bits === 4) throw unsupported(name, `an input of ${elementTypeName(code)}`);
  return type.dtype;
}
