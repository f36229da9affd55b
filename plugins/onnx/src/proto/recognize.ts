import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

const { Varint, LengthDelimited } = WireType;

/** ModelProto's fields with their wire types; later versions of the format may add others behind them. */
const fields: ReadonlyMap<number, WireType> = new Map([
  [1, Varint],
  [2, LengthDelimited],
  [3, LengthDelimited],
  [4, LengthDelimited],
  [5, Varint],
  [6, LengthDelimited],
  [7, LengthDelimited],
  [8, LengthDelimited],
  [14, LengthDelimited],
  [20, LengthDelimited],
  [25, LengthDelimited],
  [26, LengthDelimited],
]);

const irVersion = 1;
const graph = 7;

/** Field numbers of a GraphProto. */
const graphFields = new Set([1, 2, 5, 10, 11, 12, 13, 14, 15, 16]);

/**
 * Whether bytes look like an ONNX model: the fields of a ModelProto, up to its graph, with a version of the format among them.
 * The graph may be cut short: what is wrong with it is for the reader to say.
 */
export function looksLikeOnnx(bytes: Uint8Array): boolean {
  const reader = new BinaryReader(bytes);
  let version = 0;
  let graphAt: number | undefined;
  try {
    while (reader.pos < reader.len && (version === 0 || graphAt === undefined)) {
      const [number, wireType] = reader.tag();
      if (fields.get(number) !== wireType) return false;
      if (number === irVersion) version = Number(reader.int64());
      else if (number === graph) {
        const length = reader.uint32();
        graphAt = reader.pos;
        reader.pos = Math.min(reader.len, reader.pos + length);
      } else reader.skip(wireType, number);
    }
    if (graphAt === undefined || version < 1 || version > 255) return false;
    const [number, wireType] = new BinaryReader(bytes.subarray(graphAt)).tag();
    return graphFields.has(number) && wireType === LengthDelimited;
  } catch {
    return false;
  }
}
