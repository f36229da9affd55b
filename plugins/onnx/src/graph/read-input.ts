import type { Dim, DType } from '@whittle/core';
import { invalid, unsupported } from '../faults.js';
import type { GraphProto, TensorTypeProto, ValueInfoProto } from '../proto/messages.js';
import { elementTypeName, elementTypes } from '../tensors/element-types.js';
import type { Activation } from '../values/value.js';
import type { GraphWriter } from './graph-writer.js';
import { inputOrder } from './input-layout.js';
import { largestExtent } from './limits.js';

/** What is told of inputs beside the file. */
export interface InputOptions {
  /** Whole shapes, as the file orders axes, by the name of the input, where the file leaves extents open. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** What an open first extent is. */
  readonly batch: Dim;
}

/** An input of the model. @throws FORMAT_INVALID, OP_UNSUPPORTED for extents that are open, but for the first */
export function readInput(
  info: ValueInfoProto,
  graph: GraphProto,
  writer: GraphWriter,
  options: InputOptions,
): Activation {
  const name = info.name ?? '';
  const type = info.type?.tensorType;
  if (!type) throw unsupported(name, 'an input that is no tensor');
  const dtype = dtypeOf(name, type.elemType);
  const shape = shapeOf(name, type, options);
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

function shapeOf(name: string, type: TensorTypeProto, { shapes, batch }: InputOptions): Dim[] {
  const told = shapes.get(name);
  const dims = type.shape && (type.shape.dim ?? []);
  if (!dims && !told) throw unsupported(name, 'an input of no known rank');
  if (told && dims && told.length !== dims.length)
    throw invalid(name, `an input of rank ${dims.length}, told to be [${told.join(', ')}]`);
  const open: string[] = [];
  const shape = (dims ?? told ?? []).map((_, axis): Dim => {
    const { dimValue, dimParam } = dims?.[axis] ?? {};
    const extent = told?.[axis] ?? (dimValue === 0 || dimValue === -1 ? undefined : dimValue);
    if (extent === undefined && axis === 0) return batch;
    if (extent === undefined) {
      open.push(dimParam || `axis ${axis}`);
      return 1;
    }
    if (!Number.isSafeInteger(extent) || extent < 1 || extent > largestExtent)
      throw invalid(name, `an extent of ${extent} along axis ${axis}`);
    return extent;
  });
  if (open.length > 0)
    throw unsupported(
      name,
      `an input whose extents are open beside the batch (${open.join(', ')}): they must be told, as \`shapes\``,
    );
  return shape;
}
