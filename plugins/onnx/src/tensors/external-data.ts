import { plainPath } from '@whittle/core';
import type { ReadContext } from '@whittle/core';
import { invalid } from '../faults.js';
import type { GraphProto, ModelProto, TensorProto } from '../proto/messages.js';

const external = 1;
/** Tensors may share bytes of a file; together they are at most so many times as long. */
const mostOverlap = 2;

/** Every tensor of a model whose data lies in another file, those of inner graphs too. */
function externalTensors(model: ModelProto): TensorProto[] {
  const found: TensorProto[] = [];
  const visit = (tensor: TensorProto | undefined) => {
    if (tensor?.dataLocation === external) found.push(tensor);
  };
  const visitGraph = (graph: GraphProto | undefined) => {
    graph?.initializer?.forEach(visit);
    for (const node of graph?.node ?? [])
      for (const attribute of node.attribute ?? []) {
        visit(attribute.t);
        visitGraph(attribute.g);
      }
  };
  visitGraph(model.graph);
  return found;
}

/**
 * Reads the files that hold tensors' data, each of them once.
 * @throws FORMAT_INVALID where there are no such files, or parts of them lie outside; FILE_UNREADABLE
 */
export async function readExternalData(
  model: ModelProto,
  readBeside: ReadContext['readBeside'],
): Promise<Map<TensorProto, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const data = new Map<TensorProto, Uint8Array>();
  let [fileBytes, taken] = [0, 0];
  for (const tensor of externalTensors(model)) {
    const where = tensor.name ?? 'tensor';
    const entries = new Map((tensor.externalData ?? []).map(({ key, value }) => [key ?? '', value ?? '']));
    const location = entries.get('location');
    if (!location) throw invalid(where, 'external data without a location');
    if (!readBeside)
      throw invalid(where, `its data lies in '${location}', and there is no folder to read it from`);
    const path = plainPath(location);
    const file = files.get(path) ?? (await readBeside(location));
    fileBytes += files.has(path) ? 0 : file.length;
    files.set(path, file);
    const offset = count(entries.get('offset') ?? '0', where);
    const length = entries.has('length') ? count(entries.get('length'), where) : file.length - offset;
    if (offset + length > file.length || length < 0)
      throw invalid(
        where,
        `bytes ${offset} to ${offset + length} of '${location}', which has ${file.length}`,
      );
    taken += length;
    if (taken > mostOverlap * fileBytes)
      throw invalid(where, `tensors of ${taken} bytes, in files of ${fileBytes}`);
    data.set(tensor, file.subarray(offset, offset + length));
  }
  return data;
}

function count(text: string | undefined, where: string): number {
  const value = Number(text);
  if (!text || !Number.isSafeInteger(value) || value < 0)
    throw invalid(where, `external data: found '${text}', expected a number of bytes`);
  return value;
}
