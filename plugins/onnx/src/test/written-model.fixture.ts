import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** A field of a message: a message itself, bytes or a text. */
export function part(number: number, content: Uint8Array | string): Uint8Array {
  const writer = new BinaryWriter().tag(number, WireType.LengthDelimited);
  return (typeof content === 'string' ? writer.string(content) : writer.bytes(content)).finish();
}

/** A field of a message: a number. */
export function number(field: number, value: number): Uint8Array {
  return new BinaryWriter().tag(field, WireType.Varint).int64(value).finish();
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** A float32 value; extents that are undefined are open. */
function value(name: string, shape: readonly (number | undefined)[]): Uint8Array {
  const dims = shape.map((dim) => part(1, dim === undefined ? part(2, 'n') : number(1, dim)));
  return join(part(1, name), part(2, part(1, join(number(1, 1), part(2, join(...dims))))));
}

/** An ONNX model, operator set 17, of nodes in a row: each reads what the one before it gives. */
export function chain(
  input: readonly [name: string, shape: readonly (number | undefined)[]],
  nodes: readonly (readonly [op: string, output: string])[],
): Uint8Array {
  const names = [input[0], ...nodes.map(([, output]) => output)];
  const graph = join(
    ...nodes.map(([op, output], i) => part(1, join(part(1, names[i]), part(2, output), part(4, op)))),
    part(2, 'chain'),
    part(11, value(...input)),
    part(12, part(1, names[nodes.length])),
  );
  return join(number(1, 8), part(7, graph), part(8, number(2, 17)));
}
